-- Exits that have happened, with the place of the person on the last day employed. Grain: one row per spell that has ended.
-- A separation counts on the last day employed, as labour statistics count it.
select
    s.worker_key,
    s.spell_no,
    s.exit_type,
    s.ended_on - 1 as last_day_on,
    e.org_unit_key,
    e.manager_key,
    e.career_stage,
    e.tenure_band,
    e.place_key
from core.spell as s
cross join raw.run as run
inner join core.episode as e
    on s.worker_key = e.worker_key and s.spell_no = e.spell_no and s.ended_on - 1 >= e.valid_from and s.ended_on - 1 < e.valid_to
where s.ended_on <= run.horizon
