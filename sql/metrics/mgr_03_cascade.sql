-- MGR-03 Cascade
-- family: Manager health
-- label: Managers in rhythm too
-- question: Do managers get the conversations they are asked to hold?
-- definition: Share of managers who had a career conversation about themselves, with anybody, in the past 183 days.
-- numerator: Managers whose own last conversation is 183 days ago or less
-- denominator: Eligible managers (one direct report or more) of whom that is known
-- window: The current spell up to the date
-- exclusions: Managers whose sources do not cover the time in question are unknown: they leave both sides and are published as a share. Managers count where they stand themselves.
-- unit: share
-- better: higher
-- interval: counts
-- source: Parley: what managers are to give they should get
-- version: 1
with placed as (
    select
        m.as_of,
        c.cut,
        case c.cut
            when 'company' then 'company'
            when 'manager' then m.manager_key
            when 'career_stage' then m.career_stage
            when 'tenure_band' then m.tenure_band
            else o.ancestor_key
        end as group_key,
        case when c.cut = 'org_unit_career_stage' then m.career_stage else '' end as second_key,
        m.is_recent
    from core.manager_standing as m
    cross join raw.cut as c
    left join core.org_at as o on c.is_by_unit and m.as_of = o.on_day and m.org_unit_key = o.descendant_key
    where m.is_eligible
)

select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(sum(case when is_recent then 1 else 0 end) as double) as numerator,
    cast(count(is_recent) as double) as denominator,
    cast(count(is_recent) as bigint) as people,
    cast(count(*) - count(is_recent) as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from placed
where group_key is not null
group by as_of, cut, group_key, second_key
