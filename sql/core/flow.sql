-- Days in a state between two points of the flow calendar for every published cut, the organisation as it was at the later
-- point. Grain: one row per point, cut and group. A window's days are the sum over the points inside it.
with placed as (
    select
        c.cut,
        case c.cut
            when 'company' then 'company'
            when 'manager' then l.manager_key
            when 'career_stage' then l.career_stage
            when 'tenure_band' then l.tenure_band
            else o.ancestor_key
        end as group_key,
        case when c.cut = 'org_unit_career_stage' then l.career_stage else '' end as second_key,
        l.*
    from core.flow_leaf as l
    inner join raw.cut as c on l.cell_kind = c.cell_kind
    left join core.org_at as o on c.is_by_unit and l.point_on = o.on_day and l.org_unit_key = o.descendant_key
)

select
    point_on,
    cut,
    group_key,
    second_key,
    sum(employed_days) as employed_days,
    sum(event_days) as event_days,
    sum(graded_days) as graded_days,
    sum(at_risk_days) as at_risk_days,
    sum(at_risk_unknown_days) as at_risk_unknown_days,
    sum(in_date_days) as in_date_days
from placed
where group_key is not null
group by point_on, cut, group_key, second_key
