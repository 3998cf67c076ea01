-- RCY-06 Days to the first conversation with a new manager
-- family: Recency
-- label: First talk, new manager
-- question: How soon does a new manager ask?
-- definition: Median days from a change of line manager to the first career conversation with the new one.
-- numerator: Kaplan-Meier median; waits still open, ended by exit or by the next change are censored
-- denominator: Changes of manager in the past 365 days
-- window: Past 365 days
-- exclusions: First managers of new hires; changes that no source covers are unknown.
-- unit: days
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
    cast(median_days as double) as value,
    cast(low_days as double) as lo,
    cast(high_days as double) as hi,
    case when waits > 0 and median_days is null then 'over_tenure' else '' end as note
from core.waiting_curve
where kind = 'manager_change'
