-- RCY-05 Months since the last one with the current manager
-- family: Recency
-- label: With current manager
-- question: Is the manager on board?
-- definition: Median months since the last career conversation with the present line manager; where there has been none yet, months since that manager took over.
-- numerator: Median of months since then
-- denominator: Employed people with a line manager, covered since that day
-- window: Since the present manager took over
-- exclusions: People without a line manager; people whose records began after the day in question, or say only when and not with whom, are unknown.
-- unit: months
-- better: lower
-- interval: given
-- source: Parley: at some point the manager must be on board
-- version: 1
select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(null as double) as numerator,
    cast(known as double) as denominator,
    cast(known as bigint) as people,
    cast(unknown as bigint) as unknown,
    median_days / 30.4375 as value,
    low_days / 30.4375 as lo,
    high_days / 30.4375 as hi,
    case when is_beyond then 'over_tenure' else '' end as note
from core.clock_median
where clock = 'manager'
