-- Exits and moves from the template. Grain: one row per event of the newest file.
select upper(employee_id) as employee_id, type, decided_on, effective_on, last_day_on, reason_raw, regretted, 'parley' as source_system, _as_of as recorded_on
from raw.parley__outcome_event
where _as_of = (select max(_as_of) from raw.parley__outcome_event)
