-- What the conversations of the past 365 days were like, for every published cut. Grain: one row per reporting day, cut and
-- group, the organisation as it was when they were held (as in core.flow, at the next point of its calendar). `people` counts who
-- took part, so that a cell can be hidden when it speaks of too few.
with placed as (
    select
        d.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        t.*,
        case when coalesce(t.duration_basis, 'reported') <> 'scheduled' then t.duration_min <= 15 end as is_short,
        s.support_type is not null as is_fitting
    from core.talk as t
    inner join raw.reporting_date as d on t.occurred_on <= d.as_of and t.occurred_on > d.year_before
    inner join raw.calendar as k on t.occurred_on = k.on_day
    inner join raw.flow_point as p on k.point_no = p.point_no
    inner join core.place_cell as c on t.place_key = c.place_key
    inner join core.group_at as g on p.point_on = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
    left join raw.stage_support as s on t.career_stage = s.stage and t.support_type = s.support_type
),

person as (
    select
        as_of,
        cut,
        group_key,
        second_key,
        count(*) as conversations,
        sum(case when is_event_covered then 1 else 0 end) as covered_conversations,
        sum(case when partner_relation <> 'unknown' then 1 else 0 end) as partner_known,
        sum(case when partner_relation not in ('unknown', 'line_manager') then 1 else 0 end) as not_the_boss,
        sum(case when setting <> 'unknown' then 1 else 0 end) as setting_known,
        sum(case when setting = 'informal' then 1 else 0 end) as informal,
        count(is_short) as duration_known,
        sum(case when is_short then 1 else 0 end) as short,
        sum(case when initiated_by <> 'unknown' then 1 else 0 end) as initiator_known,
        sum(case when initiated_by = 'employee' then 1 else 0 end) as employee_started,
        count(is_prepared) as preparation_known,
        sum(case when is_prepared then 1 else 0 end) as prepared,
        count(usefulness) as rated,
        sum(case when usefulness >= 4 then 1 else 0 end) as useful,
        sum(case when is_short and usefulness is not null then 1 else 0 end) as short_rated,
        sum(case when is_short and usefulness >= 4 then 1 else 0 end) as short_useful,
        sum(case when not is_short and usefulness is not null then 1 else 0 end) as long_rated,
        sum(case when not is_short and usefulness >= 4 then 1 else 0 end) as long_useful,
        sum(case when support_type is not null and career_stage <> 'unknown' then 1 else 0 end) as support_known,
        sum(case when is_fitting then 1 else 0 end) as fitting,
        sum(case when coalesce(date_precision, 'day') <> 'quarter' then 1 else 0 end) as month_known
    from placed
    group by as_of, cut, group_key, second_key, worker_key
)

select
    as_of,
    cut,
    group_key,
    second_key,
    sum(conversations) as conversations,
    sum(covered_conversations) as covered_conversations,
    count(*) as people,
    sum(partner_known) as partner_known,
    sum(not_the_boss) as not_the_boss,
    sum(case when partner_known > 0 then 1 else 0 end) as partner_known_people,
    sum(setting_known) as setting_known,
    sum(informal) as informal,
    sum(case when setting_known > 0 then 1 else 0 end) as setting_known_people,
    sum(duration_known) as duration_known,
    sum(short) as short,
    sum(case when duration_known > 0 then 1 else 0 end) as duration_known_people,
    sum(initiator_known) as initiator_known,
    sum(employee_started) as employee_started,
    sum(case when initiator_known > 0 then 1 else 0 end) as initiator_known_people,
    sum(preparation_known) as preparation_known,
    sum(prepared) as prepared,
    sum(case when preparation_known > 0 then 1 else 0 end) as preparation_known_people,
    sum(rated) as rated,
    sum(useful) as useful,
    sum(case when rated > 0 then 1 else 0 end) as rated_people,
    sum(short_rated) as short_rated,
    sum(short_useful) as short_useful,
    sum(case when short_rated > 0 then 1 else 0 end) as short_rated_people,
    sum(long_rated) as long_rated,
    sum(long_useful) as long_useful,
    sum(case when long_rated > 0 then 1 else 0 end) as long_rated_people,
    sum(support_known) as support_known,
    sum(fitting) as fitting,
    sum(case when support_known > 0 then 1 else 0 end) as support_known_people,
    sum(month_known) as month_known,
    sum(case when month_known > 0 then 1 else 0 end) as month_known_people
from person
group by as_of, cut, group_key, second_key
