-- Job rows of all systems with workers resolved, before overlaps are settled. Grain: one row per worker and delivered period.
with claim as (
    select
        employee_id, valid_from, valid_to, job_title, job_code, job_family, grade_code, grade_rank, org_unit_key, manager_id,
        is_primary, location_code, change_type, source_system
    from staging.workday__job_history
    union all
    select
        j.employee_id, j.valid_from, j.valid_to, j.job_title, j.job_code, j.job_family, j.grade_code, j.grade_rank, u.org_unit_key, j.manager_id,
        j.is_primary, j.location_code, j.change_type, j.source_system
    from staging.workday_history__job_history as j
    left join staging.workday_history__job_unit as u on j.employee_id = u.employee_id and j.position_id = u.position_id
    union all
    select
        employee_id, valid_from, valid_to, job_title, job_code, job_family, grade_code, grade_rank, org_unit_key, manager_id,
        is_primary, location_code, change_type, source_system
    from staging.parley__job_history
)

select
    x.worker_key,
    c.valid_from,
    c.valid_to,
    c.job_title,
    c.job_code,
    c.job_family,
    c.grade_code,
    c.grade_rank,
    c.org_unit_key,
    m.worker_key as manager_key,
    c.manager_id is not null and m.worker_key is null as is_manager_unknown,
    c.location_code,
    c.change_type,
    c.source_system,
    lead(c.valid_from) over (partition by x.worker_key order by c.valid_from, c.valid_to, c.grade_rank) as next_from
from claim as c
inner join core.worker_xref as x on c.employee_id = x.id_norm
left join core.worker_xref as m on c.manager_id = m.id_norm
where c.is_primary
