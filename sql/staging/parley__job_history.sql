-- Job history from the template. Grain: one row per worker and period of the newest file.
select
    upper(employee_id) as employee_id,
    valid_from,
    valid_to,
    job_title,
    job_code,
    job_family,
    grade_code,
    grade_rank,
    org_unit_id as org_unit_key,
    upper(manager_id) as manager_id,
    coalesce(is_primary, true) as is_primary,
    location_code,
    change_type as change_raw,
    coalesce(change_type, 'unknown') as change_type,
    'parley' as source_system,
    _as_of as recorded_on
from raw.parley__job_history
where _as_of = (select max(_as_of) from raw.parley__job_history)
