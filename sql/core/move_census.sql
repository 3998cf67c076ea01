-- People who moved in the past 365 days, for every published cut. Grain: one row per reporting day, cut and group, the organisation as it
-- was when they moved (as in core.flow, at the next point of its calendar). Somebody who moved twice counts once in a group.
with placed as (
    select
        d.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        m.*
    from core.move as m
    inner join raw.reporting_date as d on m.moved_on <= d.as_of and m.moved_on > d.year_before
    inner join raw.calendar as k on m.moved_on = k.on_day
    inner join raw.flow_point as p on k.point_no = p.point_no
    inner join core.place_cell as c on m.place_key = c.place_key
    inner join core.group_at as g on p.point_on = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
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
group by as_of, cut, group_key, second_key
