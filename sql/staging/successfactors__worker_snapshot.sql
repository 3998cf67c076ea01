-- Users from the SuccessFactors user data file as they stood, all files. Inactive stands for leave as well as for having left,
-- so without a date of leaving it says neither. DEPARTMENT, DIVISION, LOCATION and JOBCODE may be "Name (CODE)": the code is
-- the key, the rest the name. Grain: one row per user and day of an export.
with coded as (
    select
        w.*,
        nullif(regexp_extract(w.department, '[(]([^()]+)[)]$', 1), '') as department_code,
        nullif(regexp_extract(w.division, '[(]([^()]+)[)]$', 1), '') as division_code,
        nullif(regexp_extract(w.location, '[(]([^()]+)[)]$', 1), '') as location_code,
        nullif(regexp_extract(w.job_code, '[(]([^()]+)[)]$', 1), '') as code_of_job,
        trim(regexp_replace(w.department, '[(][^()]+[)]$', '')) as department_name,
        trim(regexp_replace(w.division, '[(][^()]+[)]$', '')) as division_name,
        trim(regexp_replace(w.job_code, '[(][^()]+[)]$', '')) as name_of_job,
        lower(w.reason_raw) as reason,
        lower(w.employment_type) as class_of_employee
    from raw.successfactors__worker as w
),

keyed as (
    select
        coded.*,
        coalesce(_id_space || department_code, department_name) as unit_key,
        coalesce(_id_space || division_code, division_name) as division_key
    from coded
)

select
    upper(employee_id) as employee_id,
    _as_of as as_of,
    _id_space as population,
    nullif(trim(concat(coalesce(first_name, ''), ' ', coalesce(last_name, ''))), '') as display_name,
    work_email,
    birth_on,
    cast(null as date) as original_hire_date,
    hire_date,
    last_day_on,
    decided_on,
    case
        when last_day_on is null then null
        when reason like '%retire%' or reason like '%death%' or reason like '%deceas%' or reason like '%end of contract%' then 'exit_other'
        when reason like '%involunt%' or reason like '%dismiss%' or reason like '%layoff%' or reason like '%redundan%' then 'exit_involuntary'
        when reason like '%volunt%' or reason like '%resign%' then 'exit_voluntary'
        else 'exit_unknown'
    end as exit_type,
    case when last_day_on is not null then reason_raw end as reason_raw,
    cast(null as boolean) as regretted,
    case
        when last_day_on < _as_of then 'terminated'
        when employment_status = 'Active' and hire_date > _as_of then 'prehire'
        when employment_status = 'Active' then 'active'
        else 'unknown'
    end as employment_status,
    case
        when class_of_employee like '%contract%' or class_of_employee like '%contingent%' then 'contractor'
        when class_of_employee like '%intern' or class_of_employee like '%trainee%' then 'intern'
        when class_of_employee like '%temp%' then 'temp'
        when class_of_employee like '%part%time%' then 'part_time'
        when class_of_employee like '%full%time%' then 'full_time'
        else 'unknown'
    end as employment_type,
    fte,
    case when length(country) = 2 then upper(country) end as country,
    cast(null as date) as planned_exit_on,
    cast(null as boolean) as in_scope,
    coalesce(job_title, case when code_of_job is not null then name_of_job end) as job_title,
    coalesce(code_of_job, job_code) as job_code,
    cast(null as varchar) as job_family,
    grade_code,
    cast(null as bigint) as grade_rank,
    unit_key as org_unit_key,
    department_name as org_unit_name,
    case when unit_key is not null then 'department' end as org_unit_type,
    case when unit_key <> division_key then division_key end as parent_unit_key,
    case when unit_key <> division_key then division_name end as parent_unit_name,
    upper(manager_id) as manager_id,
    cast(null as varchar) as manager_name,
    coalesce(location_code, location) as location_code,
    job_started_on,
    'successfactors' as source_system,
    _as_of as recorded_on
from keyed
