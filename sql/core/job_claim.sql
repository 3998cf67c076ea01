-- Job rows of all systems with workers resolved, before overlaps are settled. Grain: one row per worker and delivered period.
-- `started_on` is when the job began, where the source or the row itself says so; null where nobody knows.
with claim as (
    select
        x.worker_key, c.valid_from, c.valid_to, c.job_title, c.job_code, c.job_family, c.grade_code, c.grade_rank, c.org_unit_key,
        m.worker_key as manager_key, c.manager_id is not null and m.worker_key is null as is_manager_unknown, c.location_code, c.change_type,
        c.valid_from as started_on, c.source_system, c.recorded_on
    from core.delivered_job as c
    inner join core.worker_xref as x on c.employee_id = x.id_norm
    left join core.worker_xref as m on c.manager_id = m.id_norm
    where c.is_primary
    union all
    select
        worker_key, valid_from, valid_to, job_title, job_code, job_family, grade_code, grade_rank, org_unit_key,
        manager_key, is_manager_unknown, location_code, change_type, started_on, source_system, recorded_on
    from core.snapshot_job
)

select
    claim.*,
    lead(valid_from) over (partition by worker_key order by valid_from, valid_to, grade_rank) as next_from
from claim
