-- QUA-01 Usefulness
-- family: Quality and follow-through
-- label: Rated useful
-- question: Do they help the people they are for?
-- definition: Share of the career conversations rated by the employee that were rated 4 or 5 of 5.
-- numerator: Conversations rated 4 or 5
-- denominator: Conversations the employee rated
-- window: Past 365 days
-- exclusions: Conversations without a rating by the employee leave both sides; the rated share is published, with bounds where it is under 80 %. What a manager thinks of it, or nobody knows who, never stands in for the employee's rating.
-- unit: share
-- better: higher
-- interval: counts
-- source: NICEC, significant positive value
-- version: 1
select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(useful as double) as numerator,
    cast(rated as double) as denominator,
    cast(rated_people as bigint) as people,
    cast(conversations - rated as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.talk_census
