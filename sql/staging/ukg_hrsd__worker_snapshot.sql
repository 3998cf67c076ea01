-- Employees of UKG HR Service Delivery as they stood, all exports. The id of the HR system names a person before the employee number,
-- which holds within one organization only. The directory knows the day of departure and no reason.
-- Grain: one row per employee number and export.
select
    upper(coalesce(technical_id, employee_id)) as employee_id,
    _as_of as as_of,
    _id_space as population,
    nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), '') as display_name,
    work_email,
    birth_on,
    cast(null as date) as original_hire_date,
    hire_date,
    last_day_on,
    cast(null as date) as decided_on,
    case when last_day_on is not null then 'exit_unknown' end as exit_type,
    cast(null as varchar) as reason_raw,
    cast(null as boolean) as regretted,
    case
        when last_day_on < _as_of then 'terminated'
        when hire_date > _as_of then 'prehire'
        else 'active'
    end as employment_status,
    'unknown' as employment_type,
    cast(null as double) as fte,
    case when length(country) = 2 then upper(country) end as country,
    cast(null as date) as planned_exit_on,
    cast(null as boolean) as in_scope,
    job_title,
    cast(null as varchar) as job_code,
    cast(null as varchar) as job_family,
    cast(null as varchar) as grade_code,
    cast(null as bigint) as grade_rank,
    organization_code as org_unit_key,
    org_name as org_unit_name,
    'department' as org_unit_type,
    cast(null as varchar) as parent_unit_key,
    cast(null as varchar) as parent_unit_name,
    upper(manager_id) as manager_id,
    cast(null as varchar) as manager_name,
    cast(null as varchar) as location_code,
    cast(null as date) as job_started_on,
    'ukg_hrsd' as source_system,
    _as_of as recorded_on
from raw.ukg_hrsd__worker
