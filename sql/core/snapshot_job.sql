-- Snapshots turned into effective-dated job rows. Grain: one row per source, population, worker and half-open period in which job, unit,
-- manager, grade and place stayed the same. A change lies between two exports: the job's own start date dates it where that
-- falls in between, else the day of the later export. What was before the first export nobody knows: the first row begins at
-- the hire if that came after the export before, else on the day of the export, and its start is marked as not known. Somebody who comes
-- back after having left begins anew. Who is only announced counts while no later export can tell. Where a system also delivers its
-- own history of somebody's jobs, that is taken and nothing is inferred.
with own_history as (
    select distinct d.source_system, x.worker_key
    from core.delivered_job as d
    inner join core.worker_xref as x on d.employee_id = x.id_norm
),

delivery as (
    select
        source_system,
        population,
        as_of,
        lag(as_of) over (partition by source_system, population order by as_of) as delivered_before,
        max(as_of) over (partition by source_system, population) as newest_on
    from (select distinct source_system, population, as_of from core.worker_snapshot) as days
),

seen as (
    select
        s.*,
        d.delivered_before,
        coalesce(s.job_code, s.job_title, '') as job_name,
        coalesce(s.job_title, '') || '|' || coalesce(s.job_family, '') || '|' || coalesce(s.org_unit_key, '') || '|' || coalesce(s.manager_key, '') || '|'
        || coalesce(s.grade_code, '') || '|' || coalesce(cast(s.grade_rank as varchar), '') || '|' || coalesce(s.location_code, '') as other_facts,
        coalesce(s.employment_status in ('terminated', 'retired'), false)
        or coalesce(s.last_day_on < s.as_of and s.hire_date <= s.last_day_on, false) as is_over
    from core.worker_snapshot as s
    inner join delivery as d on s.source_system = d.source_system and s.population = d.population and s.as_of = d.as_of
    where s.hire_date <= s.as_of or s.hire_date is null or s.as_of = d.newest_on
),

beside as (
    select
        seen.*,
        sum(case when is_over then 1 else 0 end)
            over (partition by source_system, population, worker_key order by as_of rows between unbounded preceding and current row) as exports_gone
    from seen
),

ordered as (
    select
        b.*,
        lag(b.as_of) over person as previous_on,
        lag(b.job_name) over person as previous_job,
        lag(b.other_facts) over person as previous_facts,
        lag(b.grade_rank) over person as previous_rank,
        coalesce(b.exports_gone > lag(b.exports_gone) over person or b.hire_date > lag(b.as_of) over person, false) as is_back
    from beside as b
    left join own_history as o on b.source_system = o.source_system and b.worker_key = o.worker_key
    where o.worker_key is null and not b.is_over and coalesce(b.job_title, b.job_code, b.org_unit_key, b.manager_key, b.grade_code) is not null
    window person as (partition by b.source_system, b.population, b.worker_key order by b.as_of)
),

changed as (
    select ordered.*, previous_job is distinct from job_name as is_new_job
    from ordered
    where previous_on is null or is_back or previous_job is distinct from job_name or previous_facts is distinct from other_facts
),

dated as (
    select
        changed.*,
        case
            when hire_date > coalesce(previous_on, delivered_before, as_of) and (previous_on is null or is_back) then hire_date
            when previous_on is not null and is_new_job and job_started_on > previous_on and job_started_on <= as_of then job_started_on
            else as_of
        end as begins_on
    from changed
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
        when is_back then 'rehire'
        when grade_rank > previous_rank then 'promotion'
        when grade_rank < previous_rank then 'demotion'
        else 'unknown'
    end as change_type,
    coalesce(job_started_on, case when previous_on is not null and is_new_job or begins_on = hire_date then begins_on end) as started_on,
    as_of as recorded_on
from dated
