-- What each person's conversations have in common, for every published cut. Grain: one row per reporting day, cut and group.
-- All conversations of a person count wherever they were held, across spells; the person is counted where the last of them was
-- held, in the organisation of that day (as in core.flow, at the next point of its calendar), so those who have left since are in it as
-- well. Who was the boss looks back 730 days, how formal they were 365.
with talker as (
    select
        d.as_of,
        t.worker_key,
        max(t.occurred_on) as last_on,
        max(case when t.partner_relation <> 'unknown' then 0 else 1 end) = 0 as is_partner_known,
        max(case when t.partner_relation = 'line_manager' then 0 else 1 end) = 0 as is_boss_only,
        max(t.occurred_on) > d.year_before as is_recent,
        max(case when t.setting <> 'unknown' or t.occurred_on <= d.year_before then 0 else 1 end) = 0 as is_setting_known,
        max(case when t.setting = 'formal_review' or t.occurred_on <= d.year_before then 0 else 1 end) = 0 as is_formal_only
    from core.talk as t
    inner join raw.reporting_date as d on t.occurred_on <= d.as_of and t.occurred_on > d.two_years_before
    group by d.as_of, d.year_before, t.worker_key
),

placed as (
    select
        t.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        t.*
    from talker as t
    inner join core.episode as e on t.worker_key = e.worker_key and t.last_on >= e.valid_from and t.last_on < e.valid_to
    cross join raw.run as run
    inner join raw.calendar as k on greatest(t.last_on, run.calendar_from) = k.on_day
    inner join raw.flow_point as p on k.point_no = p.point_no
    inner join core.place_cell as c on e.place_key = c.place_key
    inner join core.group_at as g on p.point_on = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
)

select
    as_of,
    cut,
    group_key,
    second_key,
    count(*) as people,
    sum(case when is_partner_known then 1 else 0 end) as partner_known,
    sum(case when is_boss_only then 1 else 0 end) as boss_only,
    sum(case when is_recent then 1 else 0 end) as recent,
    sum(case when is_recent and is_setting_known then 1 else 0 end) as setting_known,
    sum(case when is_recent and is_formal_only then 1 else 0 end) as formal_only
from placed
group by as_of, cut, group_key, second_key
