-- Users of 15Five as they stood, all exports; who has no employee id is known by the address. A closed account is no exit unless the
-- export says that the person left. Of several departments the first counts. Grain: one row per user and export.
with stated as (
    select
        p.*,
        lower(p.reason_raw) as reason,
        lower(coalesce(p.reason_raw, '')) like '%still with the company%' as has_stayed
    from raw.fifteenfive__profile as p
)

select
    upper(coalesce(employee_id, work_email)) as employee_id,
    _as_of as as_of,
    _id_space as population,
    nullif(trim(coalesce(preferred_name, first_name, '') || ' ' || coalesce(last_name, '')), '') as display_name,
    work_email,
    cast(null as date) as birth_on,
    cast(null as date) as original_hire_date,
    hire_date,
    case when not has_stayed then last_day_on end as last_day_on,
    cast(null as date) as decided_on,
    case
        when has_stayed or last_day_on is null then null
        when reason like '%on their own%' then 'exit_voluntary'
        when reason like '%was terminated%' then 'exit_involuntary'
        else 'exit_unknown'
    end as exit_type,
    case when last_day_on is not null and not has_stayed then reason_raw end as reason_raw,
    cast(null as boolean) as regretted,
    case
        when last_day_on < _as_of and not has_stayed then 'terminated'
        when is_active or has_stayed then 'active'
        else 'unknown'
    end as employment_status,
    'unknown' as employment_type,
    cast(null as double) as fte,
    cast(null as varchar) as country,
    cast(null as date) as planned_exit_on,
    cast(null as boolean) as in_scope,
    job_title,
    cast(null as varchar) as job_code,
    cast(null as varchar) as job_family,
    cast(null as varchar) as grade_code,
    cast(null as bigint) as grade_rank,
    nullif(trim(split_part(department, ',', 1)), '') as org_unit_key,
    nullif(trim(split_part(department, ',', 1)), '') as org_unit_name,
    'department' as org_unit_type,
    nullif(trim(split_part(division, ',', 1)), '') as parent_unit_key,
    nullif(trim(split_part(division, ',', 1)), '') as parent_unit_name,
    upper(manager_email) as manager_id,
    cast(null as varchar) as manager_name,
    location_code,
    cast(null as date) as job_started_on,
    'fifteenfive' as source_system,
    _as_of as recorded_on
from stated
