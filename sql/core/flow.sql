-- Days in a state between two points of the flow calendar for every published cut, the organisation as it was at the later
-- point. Grain: one row per point, cut and group. A window's days are the sum over the points inside it.
with placed as (
    select g.group_key, l.*
    from core.flow_leaf as l
    inner join core.group_at as g on l.point_on = g.on_day and l.is_by_unit = g.is_by_unit and l.leaf_key = g.leaf_key
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
group by point_on, cut, group_key, second_key
