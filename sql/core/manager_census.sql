-- Managers by where they stand themselves, for every published cut. Grain: one row per reporting day, cut and group. `squares` is
-- the sum of the squared numbers of reports: whole, as a deviation summed in floating point depends on the order of the rows. Of the
-- eligible ones, `recency_known` counts those of whom it is known whether they talked in the past 183 days, `recent` those who did.
with placed as (
    select
        m.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        m.reports,
        m.is_eligible,
        m.is_recent
    from core.manager_standing as m
    inner join core.place_cell as c on m.place_key = c.place_key
    inner join core.group_at as g on m.as_of = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
)

select
    as_of,
    cut,
    group_key,
    second_key,
    count(*) as managers,
    sum(reports) as reports,
    sum(reports * reports) as squares,
    sum(case when is_eligible then 1 else 0 end) as eligible,
    count(case when is_eligible then is_recent end) as recency_known,
    sum(case when is_eligible and is_recent then 1 else 0 end) as recent
from placed
group by as_of, cut, group_key, second_key
