-- How many people are in each state on each reporting day, in the smallest group of each cut, before units are added up. Running sums of
-- core.census_change. Grain: one row per reporting day, cut and leaf.
with cell_change as (
    select
        x.reporting_no,
        c.cut,
        c.is_by_unit,
        c.leaf_key,
        c.second_key,
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
    from core.census_change as x
    inner join core.place_cell as c on x.place_key = c.place_key
    group by x.reporting_no, c.cut, c.is_by_unit, c.leaf_key, c.second_key
),

cell as (
    select distinct cut, is_by_unit, leaf_key, second_key
    from cell_change
),

filled as (
    select
        d.reporting_no,
        d.as_of,
        c.*,
        coalesce(x.employed, 0) as employed,
        coalesce(x.eligible, 0) as eligible,
        coalesce(x.band_0_3, 0) as band_0_3,
        coalesce(x.band_3_6, 0) as band_3_6,
        coalesce(x.band_6_9, 0) as band_6_9,
        coalesce(x.band_9_12, 0) as band_9_12,
        coalesce(x.band_12_18, 0) as band_12_18,
        coalesce(x.band_18, 0) as band_18,
        coalesce(x.band_none, 0) as band_none,
        coalesce(x.overdue_known, 0) as overdue_known,
        coalesce(x.overdue, 0) as overdue,
        coalesce(x.never_base, 0) as never_base,
        coalesce(x.never_known, 0) as never_known,
        coalesce(x.never, 0) as never,
        coalesce(x.half_year, 0) as half_year,
        coalesce(x.half_year_known, 0) as half_year_known,
        coalesce(x.half_year_talked, 0) as half_year_talked,
        coalesce(x.year, 0) as year,
        coalesce(x.year_known, 0) as year_known,
        coalesce(x.year_talked, 0) as year_talked,
        coalesce(x.settled_year, 0) as settled_year,
        coalesce(x.settled_year_known, 0) as settled_year_known,
        coalesce(x.settled_year_talked, 0) as settled_year_talked,
        coalesce(x.settled, 0) as settled,
        coalesce(x.source_covered, 0) as source_covered
    from cell as c
    cross join raw.reporting_date as d
    left join cell_change as x
        on d.reporting_no = x.reporting_no
        and c.cut = x.cut
        and c.leaf_key = x.leaf_key
        and c.second_key = x.second_key
)

select
    as_of,
    cut,
    is_by_unit,
    leaf_key,
    second_key,
    sum(employed) over running as employed,
    sum(eligible) over running as eligible,
    sum(band_0_3) over running as band_0_3,
    sum(band_3_6) over running as band_3_6,
    sum(band_6_9) over running as band_6_9,
    sum(band_9_12) over running as band_9_12,
    sum(band_12_18) over running as band_12_18,
    sum(band_18) over running as band_18,
    sum(band_none) over running as band_none,
    sum(overdue_known) over running as overdue_known,
    sum(overdue) over running as overdue,
    sum(never_base) over running as never_base,
    sum(never_known) over running as never_known,
    sum(never) over running as never,
    sum(half_year) over running as half_year,
    sum(half_year_known) over running as half_year_known,
    sum(half_year_talked) over running as half_year_talked,
    sum(year) over running as year,
    sum(year_known) over running as year_known,
    sum(year_talked) over running as year_talked,
    sum(settled_year) over running as settled_year,
    sum(settled_year_known) over running as settled_year_known,
    sum(settled_year_talked) over running as settled_year_talked,
    sum(settled) over running as settled,
    sum(source_covered) over running as source_covered
from filled
window running as (
    partition by cut, is_by_unit, leaf_key, second_key
    order by reporting_no rows between unbounded preceding and current row
)
