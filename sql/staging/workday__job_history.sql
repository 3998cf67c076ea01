-- Workday job changes as half-open periods. Grain: one row per worker and period of the newest export.
select
    upper(employee_id) as employee_id,
    effective_date as valid_from,
    end_date + 1 as valid_to,
    business_title as job_title,
    job_code,
    job_family,
    compensation_grade as grade_code,
    grade_rank,
    supervisory_organization_id as org_unit_key,
    upper(manager_id) as manager_id,
    coalesce(is_primary_job, true) as is_primary,
    location as location_code,
    business_process_reason as change_raw,
    case business_process_reason
        when 'Hire' then 'hire'
        when 'Rehire' then 'rehire'
        when 'Promotion' then 'promotion'
        when 'Lateral Move' then 'lateral'
        when 'Transfer' then 'transfer'
        when 'Demotion' then 'demotion'
        when 'Manager Change' then 'manager_change'
        when 'Reorganization' then 'reorg'
        when 'Title Change' then 'title_only'
        else 'unknown'
    end as change_type,
    'workday' as source_system,
    _as_of as recorded_on
from raw.workday__job_history
where business_process_reason <> 'Termination' and _as_of = (select max(_as_of) from raw.workday__job_history)
