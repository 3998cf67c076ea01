-- CAD-04 In the two busiest months
-- family: Cadence
-- label: In the two busiest months
-- question: All year round, or in one season?
-- definition: Share of career conversations held in the two busiest calendar months; spread evenly over the year it would be 16.7 %.
-- numerator: Conversations in the two calendar months with most of them
-- denominator: Conversations whose month is known
-- window: Past 365 days; days of one calendar month in two years are one month
-- exclusions: Conversations dated by the quarter leave both sides; their share is published. No figure on fewer than 30 conversations.
-- unit: share
-- better: neither
-- interval: counts
-- source: Parley: a few times a year, and not once
-- version: 1
with monthly as (
    select
        d.as_of,
        p.point_on,
        t.place_key,
        extract(month from t.occurred_on) as month_no,
        count(*) as conversations
    from core.talk as t
    inner join raw.reporting_date as d on t.occurred_on <= d.as_of and t.occurred_on > d.year_before
    inner join raw.calendar as k on t.occurred_on = k.on_day
    inner join raw.flow_point as p on k.point_no = p.point_no
    where coalesce(t.date_precision, 'day') <> 'quarter'
    group by d.as_of, p.point_on, t.place_key, extract(month from t.occurred_on)
),

placed as (
    select
        m.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        m.month_no,
        m.conversations
    from monthly as m
    inner join core.place_cell as c on m.place_key = c.place_key
    inner join core.group_at as g on m.point_on = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
),

ranked as (
    select
        as_of, cut, group_key, second_key, month_no,
        sum(conversations) as held,
        row_number() over (partition by as_of, cut, group_key, second_key order by sum(conversations) desc, month_no) as place
    from placed
    group by as_of, cut, group_key, second_key, month_no
),

busiest as (
    select as_of, cut, group_key, second_key, sum(held) as busiest_two
    from ranked
    where place <= 2
    group by as_of, cut, group_key, second_key
)

select
    t.as_of,
    t.cut,
    t.group_key,
    t.second_key,
    '' as band,
    cast(case when t.month_known >= 30 then b.busiest_two end as double) as numerator,
    cast(t.month_known as double) as denominator,
    cast(t.month_known_people as bigint) as people,
    cast(t.conversations - t.month_known as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.talk_census as t
left join busiest as b on t.as_of = b.as_of and t.cut = b.cut and t.group_key = b.group_key and t.second_key = b.second_key
