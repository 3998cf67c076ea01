-- Employees of OrangeHRM as they stood, all exports. `employment_kind` is free text such as Full-Time Permanent; the reasons are
-- those OrangeHRM is delivered with. Grain: one row per employee and export.
with stated as (
    select e.*, lower(e.employment_kind) as kind, lower(e.termination_reason) as reason
    from raw.orangehrm__employee as e
)

select
    upper(employee_id) as employee_id,
    _as_of as as_of,
    _id_space as population,
    nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), '') as display_name,
    work_email,
    birth_on,
    cast(null as date) as original_hire_date,
    hire_date,
    last_day_on,
    cast(null as date) as decided_on,
    case
        when last_day_on is null then null
        when reason in ('resigned', 'resigned - self proposed') then 'exit_voluntary'
        when reason in ('dismissed', 'laid-off', 'laid off', 'resigned - company requested') then 'exit_involuntary'
        when reason in ('retired', 'deceased', 'contract not renewed', 'physically disabled/compensated', 'other') then 'exit_other'
        else 'exit_unknown'
    end as exit_type,
    case when last_day_on is not null then termination_reason end as reason_raw,
    cast(null as boolean) as regretted,
    case
        when last_day_on < _as_of then 'terminated'
        when hire_date > _as_of then 'prehire'
        when hire_date is not null then 'active'
        else 'unknown'
    end as employment_status,
    case
        when kind like '%freelance%' then 'freelance'
        when kind like '%intern%' then 'intern'
        when kind like '%full-time%' or kind like '%full time%' then 'full_time'
        when kind like '%part-time%' or kind like '%part time%' then 'part_time'
        else 'unknown'
    end as employment_type,
    cast(null as double) as fte,
    case when length(country) = 2 then upper(country) end as country,
    cast(null as date) as planned_exit_on,
    cast(null as boolean) as in_scope,
    job_title,
    cast(null as varchar) as job_code,
    job_category as job_family,
    pay_grade as grade_code,
    cast(null as bigint) as grade_rank,
    sub_unit as org_unit_key,
    sub_unit as org_unit_name,
    'department' as org_unit_type,
    cast(null as varchar) as parent_unit_key,
    cast(null as varchar) as parent_unit_name,
    upper(manager_id) as manager_id,
    manager_name,
    location_code,
    cast(null as date) as job_started_on,
    'orangehrm' as source_system,
    _as_of as recorded_on
from stated
