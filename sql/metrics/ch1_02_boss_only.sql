-- CH1-02 With nobody but the boss
-- family: Characteristics
-- label: Only with the boss
-- question: Who talks with nobody but the boss?
-- definition: Share of people with a career conversation all of whose conversations were with the line manager of that day.
-- numerator: People all of whose conversations were with the line manager they had at the time
-- denominator: People with at least one conversation, the partners of all of them known
-- window: Past 730 days
-- exclusions: People with a conversation whose partner was not recorded are unknown: they leave both sides and are published as a share. People who have left since are counted where their last conversation was.
-- unit: share
-- better: neither
-- interval: counts
-- source: Parley: they need not be with the boss
-- version: 1
select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(boss_only as double) as numerator,
    cast(partner_known as double) as denominator,
    cast(partner_known as bigint) as people,
    cast(people - partner_known as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.talker_census
