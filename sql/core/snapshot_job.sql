-- Snapshots turned into effective-dated job rows. Grain: one row per source, population, worker and half-open period in which job, unit,
-- manager, grade and place stayed the same. A change lies between two exports: the job's own start date dates it where that
-- falls in between, else the day of the later export. What was before the first export nobody knows: the first row begins at
-- the hire if that came after the export before, else on the day of the export, and its start is marked as not known. Where a
-- system also delivers its own history of somebody's jobs, that is taken and nothing is inferred.
with own_history as (
    select distinct d.source_system, x.worker_key
    from core.delivered_job as d
    inner join core.worker_xref as x on d.employee_id = x.id_norm
),

seen as (
    select
        s.*,
        coalesce(job_code, job_title, '') as job_name,
        coalesce(job_title, '') || '|' || coalesce(job_family, '') || '|' || coalesce(org_unit_key, '') || '|' || coalesce(manager_key, '') || '|'
        || coalesce(grade_code, '') || '|' || coalesce(location_code, '') as other_facts
    from core.worker_snapshot as s
    left join own_history as o on s.source_system = o.source_system and s.worker_key = o.worker_key
    where o.worker_key is null
        and coalesce(job_title, job_code, org_unit_key, manager_key, grade_code) is not null
        and employment_status not in ('terminated', 'retired')
        and (last_day_on is null or last_day_on >= as_of or hire_date > last_day_on)
),

ordered as (
    select
        seen.*,
        lag(as_of) over person as previous_on,
        lag(job_name) over person as previous_job,
        lag(other_facts) over person as previous_facts,
        lag(grade_rank) over person as previous_rank,
        lag(hire_date) over person as previous_hire
    from seen
    window person as (partition by source_system, population, worker_key order by as_of)
),

delivery as (
    select
        source_system,
        population,
        as_of,
        lag(as_of) over (partition by source_system, population order by as_of) as delivered_before
    from (select distinct source_system, population, as_of from core.worker_snapshot) as days
),

changed as (
    select o.*, d.delivered_before, o.previous_job is distinct from o.job_name as is_new_job
    from ordered as o
    inner join delivery as d on o.source_system = d.source_system and o.population = d.population and o.as_of = d.as_of
    where o.previous_on is null
        or o.previous_job is distinct from o.job_name
        or o.previous_facts is distinct from o.other_facts
        or o.previous_hire is distinct from o.hire_date
),

dated as (
    select
        c.*,
        case
            when hire_date > coalesce(previous_on, delivered_before) and hire_date <= as_of and previous_hire is distinct from hire_date then hire_date
            when previous_on is not null and is_new_job and job_started_on > previous_on and job_started_on <= as_of then job_started_on
            when previous_on is null and delivered_before is null and hire_date > as_of then hire_date
            else as_of
        end as begins_on
    from changed as c
)

select
    source_system,
    population,
    worker_key,
    begins_on as valid_from,
    lead(begins_on) over (partition by source_system, population, worker_key order by as_of) as valid_to,
    job_title,
    job_code,
    job_family,
    grade_code,
    grade_rank,
    org_unit_key,
    manager_key,
    is_manager_unknown,
    location_code,
    case
        when previous_on is null and begins_on = hire_date then 'hire'
        when previous_on is not null and previous_hire is distinct from hire_date and begins_on = hire_date then 'rehire'
        when grade_rank > previous_rank then 'promotion'
        when grade_rank < previous_rank then 'demotion'
        else 'unknown'
    end as change_type,
    coalesce(job_started_on, case when previous_on is not null and is_new_job or begins_on = hire_date then begins_on end) as started_on,
    as_of as recorded_on
from dated
