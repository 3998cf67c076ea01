-- How many people are in each state on each reporting day, for every published cut, the organisation as it was that day.
-- Grain: one row per reporting day, cut and group.
with placed as (
    select g.group_key, l.*
    from core.census_leaf as l
    inner join core.group_at as g on l.as_of = g.on_day and l.is_by_unit = g.is_by_unit and l.leaf_key = g.leaf_key
)

select
    as_of,
    cut,
    group_key,
    second_key,
    sum(employed) as employed,
    sum(eligible) as eligible,
    sum(band_0_3) as band_0_3,
    sum(band_3_6) as band_3_6,
    sum(band_6_9) as band_6_9,
    sum(band_9_12) as band_9_12,
    sum(band_12_18) as band_12_18,
    sum(band_18) as band_18,
    sum(band_none) as band_none,
    sum(overdue_known) as overdue_known,
    sum(overdue) as overdue,
    sum(never_base) as never_base,
    sum(never_known) as never_known,
    sum(never) as never,
    sum(half_year) as half_year,
    sum(half_year_known) as half_year_known,
    sum(half_year_talked) as half_year_talked,
    sum(year) as year,
    sum(year_known) as year_known,
    sum(year_talked) as year_talked,
    sum(settled_year) as settled_year,
    sum(settled_year_known) as settled_year_known,
    sum(settled_year_talked) as settled_year_talked,
    sum(settled) as settled,
    sum(source_covered) as source_covered
from placed
group by as_of, cut, group_key, second_key
