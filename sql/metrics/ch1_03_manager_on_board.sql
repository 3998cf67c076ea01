-- CH1-03 Manager on board
-- family: Characteristics
-- label: Manager on board in 90 days
-- question: Does the boss come in at some point?
-- definition: Share of career conversations with somebody other than the boss after which the line manager was talked to within 90 days, the same day included.
-- numerator: Such conversations followed by one with the line manager within 90 days
-- denominator: Career conversations with somebody other than the boss, 90 days or more before the date and before an exit
-- window: Past 365 days
-- exclusions: Conversations of the last 90 days, and of the last 90 days before an exit, are too young to be judged. Where a source does not cover the 90 days, or a conversation in them has no partner on record and none was with the manager, it is unknown: those leave both sides and are published as a share.
-- unit: share
-- better: higher
-- interval: counts
-- source: Parley: it need not be the boss, but at some point the manager must be on board
-- version: 1
with placed as (
    select d.as_of, c.cut, g.group_key, c.second_key, m.worker_key, m.is_followed
    from core.manager_follow_up as m
    inner join raw.reporting_date as d on m.occurred_on <= d.as_of - 90 and m.occurred_on > d.year_before
    inner join raw.calendar as k on m.occurred_on = k.on_day
    inner join raw.flow_point as p on k.point_no = p.point_no
    inner join core.place_cell as c on m.place_key = c.place_key
    inner join core.group_at as g on p.point_on = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
)

select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(sum(case when is_followed then 1 else 0 end) as double) as numerator,
    cast(count(is_followed) as double) as denominator,
    count(distinct case when is_followed is not null then worker_key end) as people,
    count(*) - count(is_followed) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from placed
group by as_of, cut, group_key, second_key
