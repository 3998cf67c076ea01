-- Leaves from the template. Grain: one row per leave of the newest file.
select upper(employee_id) as employee_id, valid_from, valid_to, 'parley' as source_system, _as_of as recorded_on
from raw.parley__absence
where _as_of = (select max(_as_of) from raw.parley__absence)
