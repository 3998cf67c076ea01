-- When a person belonged to a part of the organisation that records its conversations, or was on a list of last dates. Grain: one
-- row per worker, spell, source and half-open period. A declared source covers a unit only as long as its exports keep coming
-- (their freshness is the grace); a list covers a person back to the date on it, or to the start of the spell where it says none.
with declared as (
    select
        j.worker_key,
        greatest(c.valid_from, o.valid_from, j.valid_from) as valid_from,
        least(coalesce(c.valid_to, date '9999-12-31'), o.valid_to, coalesce(j.valid_to, date '9999-12-31'), t.covered_until) as valid_to,
        true as is_event_grain
    from staging.parley__capture_coverage as c
    inner join raw.source_status as t on c.source_system = t.vendor and t.is_event_grain
    inner join core.org_closure as o on c.org_unit_key = o.ancestor_key
    inner join core.job as j on o.descendant_key = j.org_unit_key
),

listed as (
    select
        s.worker_key,
        coalesce(n.last_on, s.started_on) as valid_from,
        n.as_of + t.freshness_days + 1 as valid_to,
        false as is_event_grain
    from core.conversation_snapshot as n
    inner join core.spell as s on n.worker_key = s.worker_key and n.spell_no = s.spell_no
    inner join raw.source_status as t on n.source_system = t.vendor and not t.is_event_grain
    -- A list of conversations with the boss alone says nothing of those with others.
    where n.relation = 'any'
)

select
    s.worker_key,
    s.spell_no,
    greatest(c.valid_from, s.started_on) as valid_from,
    least(c.valid_to, coalesce(s.ended_on, date '9999-12-31')) as valid_to,
    c.is_event_grain
from (select * from declared union all select * from listed) as c
inner join core.spell as s
    on c.worker_key = s.worker_key and c.valid_from < coalesce(s.ended_on, date '9999-12-31') and c.valid_to > s.started_on
where c.valid_to > c.valid_from
