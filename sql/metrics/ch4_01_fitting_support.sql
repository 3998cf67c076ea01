-- CH4-01 Support that fits the career stage
-- family: Characteristics
-- label: Support fits the stage
-- question: Different support at different times?
-- definition: Share of career conversations whose kind of support is one that fits the career stage the person was in on that day.
-- numerator: Conversations with a kind of support that the configuration allows for the stage
-- denominator: Conversations whose kind of support and career stage are known
-- window: Past 365 days
-- exclusions: Conversations where either was not recorded leave both sides; the known share is published, with bounds where it is under 80 %. Which kinds fit a stage is the configuration of this organisation (stage_support), an assumption and not research; its version (support_version) is published with the settings of every release, and all dates are judged by the version in force.
-- unit: share
-- better: higher
-- interval: counts
-- source: Parley: different support at different times
-- version: 1
select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(fitting as double) as numerator,
    cast(support_known as double) as denominator,
    cast(support_known_people as bigint) as people,
    cast(conversations - support_known as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.talk_census
