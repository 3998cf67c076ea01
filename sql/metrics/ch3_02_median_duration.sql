-- CH3-02 Minutes a conversation takes
-- family: Characteristics
-- label: Median minutes
-- question: How long is the one in the middle?
-- definition: Half of the career conversations took no longer than this, half no less. Length is never scored.
-- numerator: Median of minutes
-- denominator: Conversations whose length was reported or measured
-- window: Past 365 days
-- exclusions: Conversations where it was not recorded leave both sides; no figure where fewer than half are known. The length of a calendar entry is not the length of a conversation. The interval is that of order statistics.
-- unit: minutes
-- better: neither
-- interval: given
-- source: Parley: under fifteen minutes has value, if prepared; Conover, Practical Nonparametric Statistics
-- version: 1
with lasting as (
    select
        d.as_of,
        p.point_on,
        t.place_key,
        t.duration_min,
        count(*) as conversations
    from core.talk as t
    inner join raw.reporting_date as d on t.occurred_on <= d.as_of and t.occurred_on > d.year_before
    inner join raw.calendar as k on t.occurred_on = k.on_day
    inner join raw.flow_point as p on k.point_no = p.point_no
    where t.duration_min is not null and coalesce(t.duration_basis, 'reported') <> 'scheduled'
    group by d.as_of, p.point_on, t.place_key, t.duration_min
),

tallied as (
    select
        l.as_of, c.cut, g.group_key, c.second_key, l.duration_min,
        sum(sum(l.conversations)) over (partition by l.as_of, c.cut, g.group_key, c.second_key order by l.duration_min) as up_to
    from lasting as l
    inner join core.place_cell as c on l.place_key = c.place_key
    inner join core.group_at as g on l.point_on = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
    group by l.as_of, c.cut, g.group_key, c.second_key, l.duration_min
),

wanted as (
    select
        as_of,
        cut,
        group_key,
        second_key,
        floor((duration_known + 1) / 2.0) as lower_rank,
        ceil((duration_known + 1) / 2.0) as upper_rank,
        greatest(1, floor(duration_known / 2.0 - 0.98 * sqrt(duration_known))) as low_rank,
        least(duration_known, ceil(duration_known / 2.0 + 1 + 0.98 * sqrt(duration_known))) as high_rank
    from core.talk_census
),

middle as (
    select
        w.as_of, w.cut, w.group_key, w.second_key,
        min(case when t.up_to >= w.lower_rank then t.duration_min end) as lower_middle,
        min(case when t.up_to >= w.upper_rank then t.duration_min end) as upper_middle,
        min(case when t.up_to >= w.low_rank then t.duration_min end) as low,
        min(case when t.up_to >= w.high_rank then t.duration_min end) as high
    from tallied as t
    inner join wanted as w on t.as_of = w.as_of and t.cut = w.cut and t.group_key = w.group_key and t.second_key = w.second_key
    group by w.as_of, w.cut, w.group_key, w.second_key
)

select
    t.as_of,
    t.cut,
    t.group_key,
    t.second_key,
    '' as band,
    cast(null as double) as numerator,
    cast(t.duration_known as double) as denominator,
    cast(t.duration_known_people as bigint) as people,
    cast(t.conversations - t.duration_known as bigint) as unknown,
    (m.lower_middle + m.upper_middle) / cast(2 as double) as value,
    cast(m.low as double) as lo,
    cast(m.high as double) as hi,
    '' as note
from core.talk_census as t
left join middle as m on t.as_of = m.as_of and t.cut = m.cut and t.group_key = m.group_key and t.second_key = m.second_key
