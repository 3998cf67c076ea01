-- Employees of Frappe HR as they stood, all exports. Inactive says neither that somebody is on leave nor that they left; why
-- somebody left is free text, so only a few plain words give the exit a kind. Grain: one row per employee and export.
with stated as (
    select
        e.*,
        lower(e.employment_kind) as kind,
        lower(e.reason_raw) as reason,
        e.last_day_on is not null or e.employment_status = 'Left' as is_leaver
    from raw.frappe__employee as e
)

select
    upper(employee_id) as employee_id,
    _as_of as as_of,
    _id_space as population,
    display_name,
    work_email,
    birth_on,
    cast(null as date) as original_hire_date,
    hire_date,
    last_day_on,
    decided_on,
    case
        when not is_leaver then null
        when reason like '%retire%' or reason like '%death%' or reason like '%deceased%' or reason like '%end of contract%' then 'exit_other'
        when reason like '%terminat%' or reason like '%dismiss%' or reason like '%layoff%' or reason like '%redundan%' then 'exit_involuntary'
        when decided_on is not null or reason like '%resign%' then 'exit_voluntary'
        else 'exit_unknown'
    end as exit_type,
    case when is_leaver then reason_raw end as reason_raw,
    cast(null as boolean) as regretted,
    case employment_status
        when 'Active' then 'active'
        when 'Suspended' then 'leave'
        when 'Left' then 'terminated'
        else 'unknown'
    end as employment_status,
    case
        when kind in ('full-time', 'full time', 'probation') then 'full_time'
        when kind in ('part-time', 'part time') then 'part_time'
        when kind in ('intern', 'apprentice') then 'intern'
        when kind in ('contract', 'commission', 'piecework') then 'contractor'
        else 'unknown'
    end as employment_type,
    cast(null as double) as fte,
    cast(null as varchar) as country,
    coalesce(contract_end_on, retirement_on) as planned_exit_on,
    cast(null as boolean) as in_scope,
    designation as job_title,
    cast(null as varchar) as job_code,
    cast(null as varchar) as job_family,
    grade as grade_code,
    cast(null as bigint) as grade_rank,
    department as org_unit_key,
    department as org_unit_name,
    'department' as org_unit_type,
    company as parent_unit_key,
    company as parent_unit_name,
    upper(manager_id) as manager_id,
    cast(null as varchar) as manager_name,
    branch as location_code,
    cast(null as date) as job_started_on,
    'frappe' as source_system,
    _as_of as recorded_on
from stated
