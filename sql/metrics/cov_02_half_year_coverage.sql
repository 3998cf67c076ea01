-- COV-02 Talked in the past 6 months
-- family: Coverage
-- label: Talked in the last 6 months
-- question: Are career conversations happening?
-- definition: Share of people, employed for all of the past 183 days, with at least one career conversation in them.
-- numerator: People with one or more
-- denominator: People employed for the whole window of whom that is known
-- window: Past 183 days
-- exclusions: People whose sources do not cover the time in question are unknown: they leave both sides and are published as a share.
-- unit: share
-- better: higher
-- interval: counts
-- source: Half-yearly window as in public employee surveys
-- version: 1
select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(half_year_talked as double) as numerator,
    cast(half_year_known as double) as denominator,
    cast(half_year_known as bigint) as people,
    cast(half_year - half_year_known as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.census
