-- CH1-01 With someone other than the boss
-- family: Characteristics
-- label: Not with the boss
-- question: With whom do people talk?
-- definition: Share of career conversations held with somebody other than the line manager of that day.
-- numerator: Conversations with anybody else
-- denominator: Conversations whose partner is known
-- window: Past 365 days
-- exclusions: Conversations where it was not recorded leave both sides; the known share is published, with bounds where it is under 80 %.
-- unit: share
-- better: neither
-- interval: counts
-- source: Parley: they need not be with the boss; NICEC
-- version: 1
select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(not_the_boss as double) as numerator,
    cast(partner_known as double) as denominator,
    cast(partner_known_people as bigint) as people,
    cast(conversations - partner_known as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.talk_census
