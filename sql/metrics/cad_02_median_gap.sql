-- CAD-02 Days from one conversation to the next
-- family: Cadence
-- label: Days between two talks
-- question: How long until they talk again?
-- definition: Median days from a career conversation to the next one of the same person, with anybody.
-- numerator: Kaplan-Meier median; gaps still open on the date, or ended by exit or by the end of what the log covers, are censored
-- denominator: Gaps that began in the past 730 days
-- window: Past 730 days
-- exclusions: Conversations on one day are one; a rehire begins anew. Gaps whose beginning no log of single conversations covers are unknown. Conversations recorded more than 60 days late are flagged in core and kept; DQ-03 says how late records come. Gaps of one person count as independent in the interval.
-- unit: days
-- better: neither
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
where kind = 'gap'
