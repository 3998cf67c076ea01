-- Workers from the template. Grain: one row per worker of the newest file.
select
    upper(employee_id) as employee_id,
    original_hire_date,
    latest_hire_date,
    coalesce(employment_status, 'unknown') as employment_status,
    coalesce(employment_type, 'unknown') as employment_type,
    fte,
    upper(country) as country,
    planned_exit_on,
    in_scope,
    'parley' as source_system,
    _as_of as recorded_on
from raw.parley__worker
where _as_of = (select max(_as_of) from raw.parley__worker)
