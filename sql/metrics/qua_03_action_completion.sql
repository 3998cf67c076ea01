-- QUA-03 Actions that were done
-- family: Quality and follow-through
-- label: Actions done
-- question: Do people do what was agreed?
-- definition: Share of the actions agreed in career conversations that were done within 30 days of the day they were due.
-- numerator: Actions done no later than 30 days after they were due
-- denominator: Actions whose 30 days ran out in the past year and whose owner was employed on that day
-- window: Past 365 days, by the day on which the 30 days ran out
-- exclusions: Without a due date an action is due 90 days after it was agreed. Actions of which it is not recorded what became of them, or when they were done, are unknown: they leave both sides and are published as a share. Groups are those of the conversation; a cell needs enough different owners.
-- unit: share
-- better: higher
-- interval: counts
-- source: Parley: what was agreed is followed up
-- version: 1
select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(done as double) as numerator,
    cast(due_known as double) as denominator,
    cast(due_owners as bigint) as people,
    cast(due - due_known as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.agreement_census
