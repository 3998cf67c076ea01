-- What the conversations of the past 365 days were like, for every published cut. Grain: one row per reporting day, cut and
-- group, the organisation as it was when they were held (as in core.flow, at the next point of its calendar). `people` counts who
-- took part, so that a cell can be hidden when it speaks of too few.
with placed as (
    select
        d.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        t.*
    from core.talk as t
    inner join raw.reporting_date as d on t.occurred_on <= d.as_of and t.occurred_on > d.year_before
    inner join raw.calendar as k on t.occurred_on = k.on_day
    inner join raw.flow_point as p on k.point_no = p.point_no
    inner join core.place_cell as c on t.place_key = c.place_key
    inner join core.group_at as g on p.point_on = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
)

select
    as_of,
    cut,
    group_key,
    second_key,
    count(*) as conversations,
    sum(case when is_event_covered then 1 else 0 end) as covered_conversations,
    count(distinct worker_key) as people,
    sum(case when partner_relation <> 'unknown' then 1 else 0 end) as partner_known,
    sum(case when partner_relation not in ('unknown', 'line_manager') then 1 else 0 end) as not_the_boss,
    count(distinct case when partner_relation <> 'unknown' then worker_key end) as partner_known_people,
    sum(case when setting <> 'unknown' then 1 else 0 end) as setting_known,
    sum(case when setting = 'informal' then 1 else 0 end) as informal,
    count(distinct case when setting <> 'unknown' then worker_key end) as setting_known_people,
    sum(case when duration_min is not null and coalesce(duration_basis, 'reported') <> 'scheduled' then 1 else 0 end) as duration_known,
    sum(case when duration_min <= 15 and coalesce(duration_basis, 'reported') <> 'scheduled' then 1 else 0 end) as short,
    count(distinct case when duration_min is not null and coalesce(duration_basis, 'reported') <> 'scheduled' then worker_key end)
        as duration_known_people,
    sum(case when initiated_by <> 'unknown' then 1 else 0 end) as initiator_known,
    sum(case when initiated_by = 'employee' then 1 else 0 end) as employee_started,
    count(distinct case when initiated_by <> 'unknown' then worker_key end) as initiator_known_people,
    count(is_prepared) as preparation_known,
    sum(case when is_prepared then 1 else 0 end) as prepared,
    count(distinct case when is_prepared is not null then worker_key end) as preparation_known_people,
    sum(case when coalesce(date_precision, 'day') <> 'quarter' then 1 else 0 end) as month_known,
    count(distinct case when coalesce(date_precision, 'day') <> 'quarter' then worker_key end) as month_known_people
from placed
group by as_of, cut, group_key, second_key
