-- Days in a state between two points of the flow calendar, in the smallest cells. Grain: one row per point and cell.
with cell_change as (
    select
        x.point_no,
        c.cut,
        c.is_by_unit,
        c.leaf_key,
        c.second_key,
        sum(employed_people) as employed_people,
        sum(event_people) as event_people,
        sum(employed_day_numbers) as employed_day_numbers,
        sum(event_day_numbers) as event_day_numbers,
        sum(graded_people) as graded_people,
        sum(graded_day_numbers) as graded_day_numbers,
        sum(at_risk_people) as at_risk_people,
        sum(at_risk_day_numbers) as at_risk_day_numbers,
        sum(at_risk_unknown_people) as at_risk_unknown_people,
        sum(at_risk_unknown_day_numbers) as at_risk_unknown_day_numbers,
        sum(in_date_people) as in_date_people,
        sum(in_date_day_numbers) as in_date_day_numbers
    from core.flow_change as x
    inner join core.place_cell as c on x.place_key = c.place_key
    group by x.point_no, c.cut, c.is_by_unit, c.leaf_key, c.second_key
),

cell as (
    select distinct cut, is_by_unit, leaf_key, second_key
    from cell_change
),

filled as (
    select
        p.point_no,
        p.point_on,
        date_diff('day', date '1970-01-01', p.point_on) as day_no,
        c.*,
        coalesce(x.employed_people, 0) as employed_people,
        coalesce(x.event_people, 0) as event_people,
        coalesce(x.employed_day_numbers, 0) as employed_day_numbers,
        coalesce(x.event_day_numbers, 0) as event_day_numbers,
        coalesce(x.graded_people, 0) as graded_people,
        coalesce(x.graded_day_numbers, 0) as graded_day_numbers,
        coalesce(x.at_risk_people, 0) as at_risk_people,
        coalesce(x.at_risk_day_numbers, 0) as at_risk_day_numbers,
        coalesce(x.at_risk_unknown_people, 0) as at_risk_unknown_people,
        coalesce(x.at_risk_unknown_day_numbers, 0) as at_risk_unknown_day_numbers,
        coalesce(x.in_date_people, 0) as in_date_people,
        coalesce(x.in_date_day_numbers, 0) as in_date_day_numbers
    from cell as c
    cross join raw.flow_point as p
    left join cell_change as x
        on p.point_no = x.point_no
        and c.cut = x.cut
        and c.leaf_key = x.leaf_key
        and c.second_key = x.second_key
),

summed as (
    select
        point_no,
        point_on,
        cut,
        is_by_unit,
        leaf_key,
        second_key,
        sum(employed_people) over running * (day_no + 1) - sum(employed_day_numbers) over running as employed_days,
        sum(event_people) over running * (day_no + 1) - sum(event_day_numbers) over running as event_days,
        sum(graded_people) over running * (day_no + 1) - sum(graded_day_numbers) over running as graded_days,
        sum(at_risk_people) over running * (day_no + 1) - sum(at_risk_day_numbers) over running as at_risk_days,
        sum(at_risk_unknown_people) over running * (day_no + 1) - sum(at_risk_unknown_day_numbers) over running as at_risk_unknown_days,
        sum(in_date_people) over running * (day_no + 1) - sum(in_date_day_numbers) over running as in_date_days
    from filled
    window running as (
        partition by cut, is_by_unit, leaf_key, second_key
        order by point_no rows between unbounded preceding and current row
    )
)

select
    point_on,
    cut,
    is_by_unit,
    leaf_key,
    second_key,
    employed_days - lag(employed_days, 1, 0) over earlier as employed_days,
    event_days - lag(event_days, 1, 0) over earlier as event_days,
    graded_days - lag(graded_days, 1, 0) over earlier as graded_days,
    at_risk_days - lag(at_risk_days, 1, 0) over earlier as at_risk_days,
    at_risk_unknown_days - lag(at_risk_unknown_days, 1, 0) over earlier as at_risk_unknown_days,
    in_date_days - lag(in_date_days, 1, 0) over earlier as in_date_days
from summed
window earlier as (
    partition by cut, is_by_unit, leaf_key, second_key
    order by point_no
)
