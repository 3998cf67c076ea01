-- Names and addresses from Workday, for the restricted identity table only. Grain: one row per worker of the newest export.
select
    upper(employee_id) as employee_id,
    preferred_name as display_name,
    work_email,
    cast(null as varchar) as preferred_language,
    'workday' as source_system,
    _as_of as recorded_on
from raw.workday__worker
where _as_of = (select max(_as_of) from raw.workday__worker)
