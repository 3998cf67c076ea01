-- RCY-01 Months since the last career conversation
-- family: Recency
-- label: Months since last talk
-- question: When was your last career conversation?
-- definition: How long ago people last had a career conversation, with anybody, of any length, as a distribution over bands of months.
-- numerator: Eligible people whose last conversation lies in the band; a month is 30.4375 days
-- denominator: Eligible people of whom it is known: employed, 90 days or more in the company, not on leave for more than half of the past 183 days
-- window: The current employment spell up to the date
-- exclusions: 'None' means that a source covered the whole spell and has no conversation; where coverage began later and there has been none since, people are counted as 18+ once that is certain and as unknown until then.
-- unit: share
-- better: neither
-- interval: counts
-- source: Parley's founding question
-- version: 1
with standing as (
    select
        census.*,
        band_0_3 + band_3_6 + band_6_9 + band_9_12 + band_12_18 + band_18 + band_none as known
    from core.census
),

banded as (
    select as_of, cut, group_key, second_key, eligible, known, '0-3' as band, band_0_3 as people from standing
    union all
    select as_of, cut, group_key, second_key, eligible, known, '3-6', band_3_6 from standing
    union all
    select as_of, cut, group_key, second_key, eligible, known, '6-9', band_6_9 from standing
    union all
    select as_of, cut, group_key, second_key, eligible, known, '9-12', band_9_12 from standing
    union all
    select as_of, cut, group_key, second_key, eligible, known, '12-18', band_12_18 from standing
    union all
    select as_of, cut, group_key, second_key, eligible, known, '18+', band_18 from standing
    union all
    select as_of, cut, group_key, second_key, eligible, known, 'none', band_none from standing
    union all
    select as_of, cut, group_key, second_key, eligible, known, 'unknown', eligible - known from standing
)

select
    as_of,
    cut,
    group_key,
    second_key,
    band,
    cast(people as double) as numerator,
    cast(known as double) as denominator,
    cast(people as bigint) as people,
    cast(eligible - known as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from banded
