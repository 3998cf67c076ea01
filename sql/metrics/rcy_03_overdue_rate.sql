-- RCY-03 Overdue
-- family: Recency
-- label: Overdue
-- question: Who is out of rhythm?
-- definition: Share of people whose last career conversation is longer ago than the target for their career stage, or who have none on record.
-- numerator: Eligible people past the target (183 days unless set otherwise for their stage), or with none on record
-- denominator: Eligible people of whom that is known
-- window: The current spell up to the date
-- exclusions: People whose sources do not cover the time in question are unknown: they leave both sides and are published as a share.
-- unit: share
-- better: lower
-- interval: counts
-- source: Half-yearly window as in public employee surveys
-- version: 1
select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(overdue as double) as numerator,
    cast(overdue_known as double) as denominator,
    cast(overdue_known as bigint) as people,
    cast(eligible - overdue_known as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.census
