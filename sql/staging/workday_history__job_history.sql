-- Positions held, from a connector's history tables. Grain: one row per worker and position. The unit is kept in a table
-- of its own (workday_history__job_unit), the manager is not in these tables at all.
select
    upper(worker_id) as employee_id,
    effective_date as valid_from,
    end_date + 1 as valid_to,
    business_title as job_title,
    job_profile_id as job_code,
    cast(null as varchar) as job_family,
    management_level_code as grade_code,
    cast(null as bigint) as grade_rank,
    position_id,
    cast(null as varchar) as manager_id,
    coalesce(is_primary_job, true) as is_primary,
    business_site_summary_location as location_code,
    cast(null as varchar) as change_raw,
    'unknown' as change_type,
    'workday_history' as source_system,
    _as_of as recorded_on
from raw.workday_history__position
where is_active_row and _as_of = (select max(_as_of) from raw.workday_history__position)
