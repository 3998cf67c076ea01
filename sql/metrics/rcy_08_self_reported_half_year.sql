-- RCY-08 Say they had one in the past six months
-- family: Recency
-- label: Say: within 6 months
-- question: What do people themselves say?
-- definition: Share of survey respondents who say that their last career conversation was within the past six months.
-- numerator: Answers up to six months
-- denominator: Answers that say how long ago
-- window: The last survey that had closed by the date, by the organisation as it was when it closed
-- exclusions: 'Not sure', numbers and other words than the item's are unknown, published as a share; previews, blanks, non-employees.
-- unit: share
-- better: higher
-- interval: counts
-- source: Parley's survey item
-- version: 3
with told as (
    select
        closed_on,
        place_key,
        person,
        case
            when how_long_ago in ('within the last month', '1-3 months ago', '3-6 months ago') then 1
            when how_long_ago in ('6-12 months ago', 'more than 12 months ago', 'never') then 0
        end as is_recent
    from (
        select closed_on, place_key, person, replace(lower(value_raw), '–', '-') as how_long_ago
        from core.answer_place
        where construct = 'career_recency' and about_key is null
    ) as given
),

counted as (
    select
        closed_on,
        place_key,
        sum(is_recent) as recent,
        count(is_recent) as known,
        count(distinct case when is_recent is not null then person end) as people,
        count(*) - count(is_recent) as unknown
    from told
    group by closed_on, place_key
)

select
    w.as_of,
    c.cut,
    g.group_key,
    c.second_key,
    '' as band,
    cast(sum(coalesce(n.recent, 0)) as double) as numerator,
    cast(sum(n.known) as double) as denominator,
    cast(sum(n.people) as bigint) as people,
    cast(sum(n.unknown) as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from counted as n
inner join core.last_wave as w on n.closed_on = w.closed_on and w.construct = 'career_recency'
inner join core.place_cell as c on n.place_key = c.place_key
inner join core.wave_group as g on n.closed_on = g.closed_on and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
group by w.as_of, c.cut, g.group_key, c.second_key
