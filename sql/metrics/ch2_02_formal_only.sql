-- CH2-02 Nothing but formal reviews
-- family: Characteristics
-- label: Only in formal reviews
-- question: Who talks only when the form demands it?
-- definition: Share of people with a career conversation all of whose conversations were formal reviews.
-- numerator: People all of whose conversations were formal reviews
-- denominator: People with at least one conversation, the settings of all of them known
-- window: Past 365 days
-- exclusions: People with a conversation whose setting was not recorded are unknown: they leave both sides and are published as a share. People who have left since are counted where their last conversation was. Informal talk is recorded less often: read it as a maximum.
-- unit: share
-- better: neither
-- interval: counts
-- source: Parley: they are often informal
-- version: 1
select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(formal_only as double) as numerator,
    cast(setting_known as double) as denominator,
    cast(setting_known as bigint) as people,
    cast(recent - setting_known as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.talker_census
