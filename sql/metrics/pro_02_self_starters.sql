-- PRO-02 Self-starters
-- family: Proactivity
-- label: Started one themselves
-- question: How many people take the reins?
-- definition: Share of people who started at least one career conversation themselves in the past 365 days.
-- numerator: Eligible people with one or more that they started
-- denominator: Eligible people of whom that is known: with such a conversation, or covered for the whole window with every initiator recorded
-- window: Past 365 days, of the current spell
-- exclusions: People whose sources do not cover the time in question, or of whose conversations one has no initiator on record and none is theirs, are unknown: they leave both sides and are published as a share. Lists of last dates do not say who started.
-- unit: share
-- better: higher
-- interval: counts
-- source: Parley: employees take the reins
-- version: 1
with placed as (
    select
        s.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        s.starters,
        s.known
    from core.self_starter as s
    inner join core.place_cell as c on s.place_key = c.place_key
    inner join core.group_at as g on s.as_of = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
),

summed as (
    select as_of, cut, group_key, second_key, sum(starters) as starters, sum(known) as known
    from placed
    group by as_of, cut, group_key, second_key
)

select
    e.as_of,
    e.cut,
    e.group_key,
    e.second_key,
    '' as band,
    cast(coalesce(s.starters, 0) as double) as numerator,
    cast(coalesce(s.known, 0) as double) as denominator,
    cast(coalesce(s.known, 0) as bigint) as people,
    cast(e.eligible - coalesce(s.known, 0) as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.census as e
left join summed as s
    on e.as_of = s.as_of and e.cut = s.cut and e.group_key = s.group_key and e.second_key = s.second_key
