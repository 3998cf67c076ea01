-- DQ-04 Rows that cannot be true
-- family: Data quality
-- label: Impossible rows
-- question: How much of the data cannot be true?
-- definition: Share of the rows looked at that break a rule of sanity: before hire, after exit, in the future, with oneself, reported twice, unknown ids, overlaps, cycles.
-- numerator: Rows at fault
-- denominator: Rows looked at
-- window: All data of the load
-- exclusions: They are left out of every metric.
-- unit: share
-- better: lower
-- interval: counts
-- source: Row sanity
-- version: 1
select
    run.as_of,
    'rule' as cut,
    r.rule as group_key,
    '' as second_key,
    '' as band,
    cast(coalesce(r.at_fault, 0) as double) as numerator,
    cast(r.looked_at as double) as denominator,
    cast(r.looked_at as bigint) as people,
    cast(0 as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.impossible_row as r
cross join raw.run as run
