-- DQ-02 Covered by a source
-- family: Data quality
-- label: Covered by a source
-- question: Of how many people could we know?
-- definition: Share of eligible people whom at least one conversation source has covered for all of the past 183 days.
-- numerator: Eligible people covered throughout
-- denominator: Eligible people
-- window: Past 183 days
-- exclusions: None.
-- unit: share
-- better: higher
-- interval: counts
-- source: The three-state rule
-- version: 1
select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(source_covered as double) as numerator,
    cast(eligible as double) as denominator,
    cast(eligible as bigint) as people,
    cast(eligible - eligible as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.census
