-- CH3-04 Prepared
-- family: Characteristics
-- label: Prepared
-- question: Does anybody prepare?
-- definition: Share of career conversations that had been prepared.
-- numerator: Prepared conversations
-- denominator: Conversations of which it was recorded whether they had been prepared
-- window: Past 365 days
-- exclusions: Conversations where it was not recorded leave both sides; the known share is published, with bounds where it is under 80 %.
-- unit: share
-- better: higher
-- interval: counts
-- source: Parley: under fifteen minutes has value, if prepared; CIPD
-- version: 1
select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(prepared as double) as numerator,
    cast(preparation_known as double) as denominator,
    cast(preparation_known_people as bigint) as people,
    cast(conversations - preparation_known as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.talk_census
