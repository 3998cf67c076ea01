-- CH3-01 Fifteen minutes or less
-- family: Characteristics
-- label: 15 minutes or less
-- question: Do they take long?
-- definition: Share of career conversations that took fifteen minutes or less. Length is never scored.
-- numerator: Conversations of up to 15 minutes
-- denominator: Conversations whose length was reported or measured
-- window: Past 365 days
-- exclusions: Conversations where it was not recorded leave both sides; the known share is published, with bounds where it is under 80 %. The length of a calendar entry is not the length of a conversation.
-- unit: share
-- better: neither
-- interval: counts
-- source: Parley: under fifteen minutes has value, if prepared
-- version: 1
select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(short as double) as numerator,
    cast(duration_known as double) as denominator,
    cast(duration_known_people as bigint) as people,
    cast(conversations - duration_known as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.talk_census
