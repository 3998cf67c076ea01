-- CH2-01 Informal
-- family: Characteristics
-- label: Informal
-- question: How formal are they?
-- definition: Share of career conversations that were informal.
-- numerator: Informal conversations
-- denominator: Conversations whose setting is known
-- window: Past 365 days
-- exclusions: Conversations where it was not recorded leave both sides; the known share is published, with bounds where it is under 80 %. Informal talk is recorded less often: read it as a minimum.
-- unit: share
-- better: neither
-- interval: counts
-- source: Parley: they are often informal; NICEC
-- version: 1
select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(informal as double) as numerator,
    cast(setting_known as double) as denominator,
    cast(setting_known_people as bigint) as people,
    cast(conversations - setting_known as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.talk_census
