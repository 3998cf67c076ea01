-- Job rows as delivered by systems that keep effective dates, ids not resolved. Grain: one row per delivered period.
select * from staging.workday__job_history
union all
select * from staging.parley__job_history
union all
select * from staging.bamboohr__job_history
union all
select * from staging.hibob__job_history
union all
select * from staging.oracle_hcm__job_history
union all
select
    j.employee_id, j.valid_from, j.valid_to, j.job_title, j.job_code, j.job_family, j.grade_code, j.grade_rank, u.org_unit_key, j.manager_id,
    j.is_primary, j.location_code, j.change_raw, j.change_type, j.source_system, j.recorded_on
from staging.workday_history__job_history as j
left join staging.workday_history__job_unit as u on j.employee_id = u.employee_id and j.position_id = u.position_id
