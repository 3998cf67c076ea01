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
        case c.cut
            when 'company' then 'company'
            when 'manager' then s.manager_key
            when 'career_stage' then s.career_stage
            when 'tenure_band' then s.tenure_band
            else o.ancestor_key
        end as group_key,
        case when c.cut = 'org_unit_career_stage' then s.career_stage else '' end as second_key,
        s.starters,
        s.known
    from core.self_starter as s
    cross join raw.cut as c
    left join core.org_at as o on c.is_by_unit and s.as_of = o.on_day and s.org_unit_key = o.descendant_key
),

summed as (
    select as_of, cut, group_key, second_key, sum(starters) as starters, sum(known) as known
    from placed
    where group_key is not null
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
