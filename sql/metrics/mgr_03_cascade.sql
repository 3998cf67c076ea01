-- MGR-03 Cascade
-- family: Manager health
-- label: Managers in rhythm too
-- question: Do managers get the conversations they are asked to hold?
-- definition: Share of managers who had a career conversation about themselves, with anybody, in the past 183 days.
-- numerator: Managers whose own last conversation is 183 days ago or less
-- denominator: Eligible managers (one direct report or more) of whom that is known
-- window: The current spell up to the date
-- exclusions: Managers whose sources do not cover the time in question are unknown: they leave both sides and are published as a share. Managers count where they stand themselves.
-- unit: share
-- better: higher
-- interval: counts
-- source: Parley: what managers are to give they should get
-- version: 1
select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(recent as double) as numerator,
    cast(recency_known as double) as denominator,
    cast(recency_known as bigint) as people,
    cast(eligible - recency_known as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.manager_census
where eligible > 0
