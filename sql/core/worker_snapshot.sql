-- Workers as they stood on the day of each export of a system that exports the present state only, ids resolved, names left out.
-- Grain: one row per source, population, worker and day; where an export names somebody twice the row of the job begun last counts.
-- A unit without a code of its own is known by its name under that of the unit above it.
with ranked as (
    select
        d.*,
        x.worker_key,
        row_number() over (
            partition by d.source_system, d.population, x.worker_key, d.as_of
            order by
                coalesce(d.job_started_on, d.hire_date) desc, d.last_day_on, d.job_code, d.job_title, d.org_unit_key, d.hire_date, d.manager_id, d.manager_name,
                d.grade_code, d.grade_rank, d.location_code, d.employment_status, d.employment_type, d.exit_type, d.decided_on, d.reason_raw
        ) as place
    from core.delivered_snapshot as d
    inner join core.worker_xref as x on d.employee_id = x.id_norm
    inner join raw.run as run on d.as_of <= run.as_of
)

select
    r.source_system,
    r.population,
    r.worker_key,
    r.as_of,
    r.recorded_on,
    r.original_hire_date,
    r.hire_date,
    r.last_day_on,
    r.decided_on,
    r.exit_type,
    r.reason_raw,
    r.regretted,
    r.employment_status,
    r.employment_type,
    r.fte,
    r.country,
    r.planned_exit_on,
    r.in_scope,
    r.job_title,
    r.job_code,
    r.job_family,
    r.grade_code,
    r.grade_rank,
    case when r.org_unit_key = r.org_unit_name and r.parent_unit_key is not null then r.parent_unit_key || ' / ' || r.org_unit_key else r.org_unit_key end
        as org_unit_key,
    r.org_unit_name,
    coalesce(r.org_unit_type, 'department') as org_unit_type,
    r.parent_unit_key,
    r.parent_unit_name,
    coalesce(m.worker_key, n.worker_key) as manager_key,
    coalesce(r.manager_id, r.manager_name) is not null and coalesce(m.worker_key, n.worker_key) is null as is_manager_unknown,
    r.location_code,
    r.job_started_on
from ranked as r
left join core.worker_xref as m on r.manager_id = m.id_norm
left join core.name_xref as n on r.manager_name = n.manager_name and r.population = n.population
where r.place = 1
