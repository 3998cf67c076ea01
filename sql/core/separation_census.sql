-- Exits between a reporting day and the one before it, by kind, for every published cut. Grain: one row per reporting day, cut and group.
with placed as (
    select
        d.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        s.exit_type
    from core.separation as s
    inner join raw.reporting_date as d on s.last_day_on <= d.as_of and s.last_day_on > d.previous_as_of
    inner join core.place_cell as c on s.place_key = c.place_key
    inner join core.group_at as g on d.as_of = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
)

select
    as_of,
    cut,
    group_key,
    second_key,
    sum(case when exit_type = 'exit_voluntary' then 1 else 0 end) as voluntary,
    sum(case when exit_type = 'exit_involuntary' then 1 else 0 end) as involuntary,
    sum(case when exit_type in ('exit_other', 'exit_unknown') then 1 else 0 end) as other,
    sum(case when exit_type = 'exit_unknown' then 1 else 0 end) as kind_unknown
from placed
group by as_of, cut, group_key, second_key
