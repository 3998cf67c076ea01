-- The clock with the present line manager: the last conversation with them since they took over, else the day they did. Grain:
-- one row per worker, spell and half-open span in which that day stays the same; people without a line manager have none. Only a
-- source that records single conversations knows with whom they were: a list of last dates covers nothing here.
with managed as (
    select
        e.worker_key,
        e.spell_no,
        e.valid_from,
        e.valid_to,
        e.org_unit_key,
        e.manager_key,
        e.career_stage,
        e.tenure_band,
        e.place_key,
        e.event_covered_from as covered_from,
        greatest(e.manager_started_on, e.started_on) as taken_over_on
    from core.episode as e
    where e.manager_key is not null
)

select
    m.worker_key,
    m.spell_no,
    m.valid_from,
    m.valid_to,
    m.org_unit_key,
    m.manager_key,
    m.career_stage,
    m.tenure_band,
    m.place_key,
    m.covered_from,
    coalesce(max(r.occurred_on), m.taken_over_on) as clock_on
from managed as m
left join core.clock_reset as r
    on m.worker_key = r.worker_key
    and m.spell_no = r.spell_no
    and m.manager_key = r.partner_key
    and r.occurred_on >= m.taken_over_on
    and r.occurred_on <= m.valid_from
group by
    m.worker_key, m.spell_no, m.valid_from, m.valid_to, m.org_unit_key, m.manager_key, m.career_stage, m.tenure_band, m.place_key, m.covered_from,
    m.taken_over_on
