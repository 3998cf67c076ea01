-- RCY-02 Median months since the last career conversation
-- family: Recency
-- label: Median months since last
-- question: How long ago is it for the person in the middle?
-- definition: Half of the people had their last career conversation more recently than this, half longer ago or not at all.
-- numerator: Median of months since the last conversation; none on record counts as longer than any
-- denominator: Eligible people whose standing is known
-- window: The current spell up to the date
-- exclusions: People whose sources do not cover the time in question are unknown: they leave both sides and are published as a share. Where more than half have none on record there is no median to give. The interval is that of order statistics.
-- unit: months
-- better: lower
-- interval: given
-- source: Parley; order-statistic interval after Conover, Practical Nonparametric Statistics
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
where clock = 'any'
