-- Employees of UKG Pro as they stood, all exports. A name is given as family name and suffix, a comma, first name and initial.
-- Grain: one row per employee and export.
with stated as (
    select
        w.*,
        lower(w.termination_reason) as reason,
        w.last_day_on is not null or w.employment_status = 'terminated' as is_leaver
    from raw.ukg__worker as w
)

select
    upper(employee_id) as employee_id,
    _as_of as as_of,
    _id_space as population,
    case
        when employee_name like '%,%' then trim(split_part(employee_name, ',', 2)) || ' ' || trim(split_part(employee_name, ',', 1))
        else employee_name
    end as display_name,
    work_email,
    birth_on,
    original_hire_date,
    hire_date,
    last_day_on,
    cast(null as date) as decided_on,
    case
        when not is_leaver then null
        when reason in ('retirement', 'retired', 'death', 'deceased', 'end of contract') then 'exit_other'
        when termination_type = 'V' then 'exit_voluntary'
        when termination_type = 'I' then 'exit_involuntary'
        when reason in ('resignation', 'resigned', 'another job', 'personal reasons', 'family obligation', 'relocation') then 'exit_voluntary'
        when reason in ('layoff', 'laid off', 'reduction in force', 'discharge', 'performance', 'misconduct') then 'exit_involuntary'
        else 'exit_unknown'
    end as exit_type,
    case when is_leaver then termination_reason end as reason_raw,
    cast(null as boolean) as regretted,
    employment_status,
    case
        when employment_type in ('CON', 'Contractor') then 'contractor'
        when employment_type in ('TMP', 'Temporary') then 'temp'
        when employment_type in ('INT', 'Intern') then 'intern'
        when full_or_part_time = 'F' then 'full_time'
        when full_or_part_time = 'P' then 'part_time'
        else 'unknown'
    end as employment_type,
    cast(null as double) as fte,
    case upper(country)
        when 'USA' then 'US'
        when 'CAN' then 'CA'
        when 'MEX' then 'MX'
        when 'GBR' then 'GB'
        else case when length(country) = 2 then upper(country) end
    end as country,
    cast(null as date) as planned_exit_on,
    cast(null as boolean) as in_scope,
    job_title,
    job_code,
    cast(null as varchar) as job_family,
    salary_grade as grade_code,
    cast(null as bigint) as grade_rank,
    coalesce(org_code, org_name) as org_unit_key,
    org_name as org_unit_name,
    'department' as org_unit_type,
    coalesce(parent_org_code, parent_org_name) as parent_unit_key,
    parent_org_name as parent_unit_name,
    upper(manager_id) as manager_id,
    case
        when manager_name like '%,%' then trim(split_part(manager_name, ',', 2)) || ' ' || trim(split_part(manager_name, ',', 1))
        else manager_name
    end as manager_name,
    location_code,
    job_started_on,
    'ukg' as source_system,
    _as_of as recorded_on
from stated
