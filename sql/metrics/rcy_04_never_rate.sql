-- RCY-04 None on record
-- family: Recency
-- label: None on record
-- question: Who has never been asked?
-- definition: Share of people with 180 days or more in the company whose sources cover their whole time here and hold no career conversation.
-- numerator: Those with none on record
-- denominator: Eligible people with 180 days or more whose standing is known
-- window: The current spell up to the date
-- exclusions: People whose sources do not cover the time in question are unknown: they leave both sides and are published as a share. Someone hired before the records began is never counted here.
-- unit: share
-- better: lower
-- interval: counts
-- source: Right Management: 37 % never discuss their career with their manager
-- version: 1
select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(never as double) as numerator,
    cast(never_known as double) as denominator,
    cast(never_known as bigint) as people,
    cast(never_base - never_known as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.census
