-- CH2-03 Said, but not on record
-- family: Characteristics
-- label: Said, but not on record
-- question: How much is never written down?
-- definition: Share of the respondents who say that they had a career conversation within six months of whom none is on record in the 183 days up to their answer.
-- numerator: Respondents without a conversation on record in that time
-- denominator: Respondents who say within six months, whose survey was announced as identified and whose records cover that time
-- window: The last survey that had closed by the date, by the organisation as it was when it closed
-- exclusions: Only answers to surveys announced as identified are held against anybody's records; confidential and anonymous answers never are. They, and people whose sources do not cover the time, are unknown. For them the band 'difference' compares groups only: the share who say within six months minus the share of everybody employed for the 183 days up to the closing day with one on record, in percentage points, where each rests on ten or more; its interval (Newcombe 1998, method 10) takes the two as independent, which makes it rather too wide.
-- unit: share
-- better: lower
-- interval: counts
-- source: Parley: what is informal escapes the record; Penna
-- version: 1
with answered as (
    select
        a.closed_on,
        a.place_key,
        a.person,
        replace(lower(a.value_raw), '–', '-') as how_long_ago,
        a.confidentiality = 'identified' as is_linkable,
        case
            when e.last_on > a.answered_on - 183 then 0
            when e.state in ('known', 'never') or e.covered_from <= a.answered_on - 182 then 1
        end as is_missing
    from core.answer_place as a
    left join core.episode as e on a.worker_key = e.worker_key and a.answered_on >= e.valid_from and a.answered_on < e.valid_to
    where a.construct = 'career_recency' and a.about_key is null
),

told as (
    select
        *,
        case
            when how_long_ago in ('within the last month', '1-3 months ago', '3-6 months ago') then 1
            when how_long_ago in ('6-12 months ago', 'more than 12 months ago', 'never') then 0
        end as is_recent
    from answered
),

counted as (
    select
        closed_on,
        place_key,
        sum(coalesce(is_recent, 0)) as recent,
        count(is_recent) as known,
        count(distinct case when is_recent is not null then person end) as known_people,
        count(*) - count(is_recent) as unsure,
        sum(case when is_recent = 1 and is_linkable then is_missing else 0 end) as missing,
        count(case when is_recent = 1 and is_linkable then is_missing end) as linked,
        count(distinct case when is_recent = 1 and is_linkable and is_missing is not null then person end) as linked_people,
        0 as recorded,
        0 as covered
    from told
    group by closed_on, place_key
    union all
    select
        w.closed_on, s.place_key, 0, 0, 0, 0, 0, 0, 0,
        sum(case when s.state = 'known' and s.recency_from < 183 then 1 else 0 end),
        sum(case when s.state in ('known', 'never') or s.recency_from >= 183 then 1 else 0 end)
    from (select distinct closed_on from core.last_wave where construct = 'career_recency') as w
    inner join core.standing as s on w.closed_on >= s.valid_from and w.closed_on < s.valid_to
    where s.tenure_from >= 182
    group by w.closed_on, s.place_key
),

summed as (
    select
        w.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        cast(sum(n.recent) as double) as s_x,
        cast(sum(n.known) as double) as s_n,
        cast(sum(n.recorded) as double) as r_x,
        cast(sum(n.covered) as double) as r_n,
        cast(sum(n.known_people) as bigint) as known_people,
        cast(sum(n.unsure) as bigint) as unsure,
        cast(sum(n.missing) as double) as missing,
        cast(sum(n.linked) as double) as linked,
        cast(sum(n.linked_people) as bigint) as linked_people,
        1.959963984540054 as z
    from counted as n
    inner join core.last_wave as w on n.closed_on = w.closed_on and w.construct = 'career_recency'
    inner join core.place_cell as c on n.place_key = c.place_key
    inner join core.wave_group as g on n.closed_on = g.closed_on and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
    group by w.as_of, c.cut, g.group_key, c.second_key
),

scored as (
    select
        as_of, cut, group_key, second_key,
        s_x / s_n as s_share,
        (s_x + z * z / 2 - z * sqrt(s_x * (s_n - s_x) / s_n + z * z / 4)) / (s_n + z * z) as s_low,
        (s_x + z * z / 2 + z * sqrt(s_x * (s_n - s_x) / s_n + z * z / 4)) / (s_n + z * z) as s_high,
        r_x / r_n as r_share,
        (r_x + z * z / 2 - z * sqrt(r_x * (r_n - r_x) / r_n + z * z / 4)) / (r_n + z * z) as r_low,
        (r_x + z * z / 2 + z * sqrt(r_x * (r_n - r_x) / r_n + z * z / 4)) / (r_n + z * z) as r_high
    from summed
    where s_n >= 10 and r_n >= 10
)

select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    missing as numerator,
    linked as denominator,
    linked_people as people,
    cast(s_x - linked as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from summed
where s_n + unsure > 0
union all
select
    s.as_of,
    s.cut,
    s.group_key,
    s.second_key,
    'difference' as band,
    cast(null as double) as numerator,
    s.s_n as denominator,
    s.known_people as people,
    s.unsure as unknown,
    100 * (d.s_share - d.r_share) as value,
    100 * (d.s_share - d.r_share - sqrt((d.s_share - d.s_low) * (d.s_share - d.s_low) + (d.r_high - d.r_share) * (d.r_high - d.r_share))) as lo,
    100 * (d.s_share - d.r_share + sqrt((d.s_high - d.s_share) * (d.s_high - d.s_share) + (d.r_share - d.r_low) * (d.r_share - d.r_low))) as hi,
    '' as note
from summed as s
left join scored as d on s.as_of = d.as_of and s.cut = d.cut and s.group_key = d.group_key and s.second_key = d.second_key
where s.s_n + s.unsure > 0
