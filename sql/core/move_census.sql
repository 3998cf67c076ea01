-- People who moved in the past 365 days, for every published cut. Grain: one row per reporting day, cut and group, the organisation as it
-- was when they moved (as in core.flow, at the next point of its calendar). Somebody who moved twice counts once in a group.
with placed as (
    select
        d.as_of,
        c.cut,
        case c.cut
            when 'company' then 'company'
            when 'manager' then m.manager_key
            when 'career_stage' then m.career_stage
            when 'tenure_band' then m.tenure_band
            else o.ancestor_key
        end as group_key,
        case when c.cut = 'org_unit_career_stage' then m.career_stage else '' end as second_key,
        m.*
    from core.move as m
    inner join raw.reporting_date as d on m.moved_on <= d.as_of and m.moved_on > d.year_before
    inner join raw.calendar as k on m.moved_on = k.on_day
    inner join raw.flow_point as p on k.point_no = p.point_no
    cross join raw.cut as c
    left join core.org_at as o on c.is_by_unit and p.point_on = o.on_day and m.org_unit_key = o.descendant_key
)

select
    as_of,
    cut,
    group_key,
    second_key,
    count(distinct case when is_grade_increase then worker_key end) as promoted,
    count(distinct case when is_move then worker_key end) as moved,
    count(distinct case when is_bulk then worker_key end) as reorganised
from placed
where group_key is not null
group by as_of, cut, group_key, second_key
