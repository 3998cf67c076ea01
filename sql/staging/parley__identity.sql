-- Names and addresses from the template. Grain: one row per worker of the newest file.
select upper(employee_id) as employee_id, display_name, work_email, preferred_language, 'parley' as source_system, _as_of as recorded_on
from raw.parley__identity
where _as_of = (select max(_as_of) from raw.parley__identity)
