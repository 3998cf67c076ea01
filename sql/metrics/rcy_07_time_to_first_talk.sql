-- RCY-07 Months from hire to the first conversation
-- family: Recency
-- label: First talk after hire
-- question: How soon is somebody new asked?
-- definition: Median months from hire to the first career conversation.
-- numerator: Kaplan-Meier median; people still waiting or gone before one are censored
-- denominator: People hired in the past 730 days
-- window: Past 730 days
-- exclusions: Hires that no source covers from the first day are unknown.
-- unit: months
-- better: lower
-- interval: given
-- source: Kaplan and Meier 1958; Brookmeyer and Crowley 1982
-- version: 1
select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(null as double) as numerator,
    cast(waits as double) as denominator,
    cast(people as bigint) as people,
    cast(unknown as bigint) as unknown,
    median_days / 30.4375 as value,
    low_days / 30.4375 as lo,
    high_days / 30.4375 as hi,
    case when waits > 0 and median_days is null then 'over_tenure' else '' end as note
from core.waiting_curve
where kind = 'hire'
