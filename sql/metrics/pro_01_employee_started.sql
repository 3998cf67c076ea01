-- PRO-01 Started by the employee
-- family: Proactivity
-- label: Started by the employee
-- question: Who takes the reins?
-- definition: Share of career conversations that the employee started.
-- numerator: Conversations started by the employee
-- denominator: Conversations whose initiator is known
-- window: Past 365 days
-- exclusions: Conversations where it was not recorded leave both sides; the known share is published, with bounds where it is under 80 %.
-- unit: share
-- better: neither
-- interval: counts
-- source: Parley: employees take the reins; NICEC
-- version: 1
select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(employee_started as double) as numerator,
    cast(initiator_known as double) as denominator,
    cast(initiator_known_people as bigint) as people,
    cast(conversations - initiator_known as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.talk_census
