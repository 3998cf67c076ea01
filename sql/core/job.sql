-- Primary jobs as half-open periods without overlap: a later row ends an earlier one. `job_started_on` is when the worker
-- came into this job (same job code, no gap, no return after an exit; null where no source knows), `manager_started_on` since when
-- they are known to be under this manager.
with period as (
    select
        job_claim.*,
        case when next_from < coalesce(valid_to, date '9999-12-31') then next_from else valid_to end as ends_on,
        coalesce(job_code, job_title, '') as job_name
    from core.job_claim
),

stepped as (
    select
        period.*,
        lag(job_name) over (partition by worker_key order by valid_from) as previous_job,
        lag(coalesce(manager_key, '')) over (partition by worker_key order by valid_from) as previous_manager,
        lag(ends_on) over (partition by worker_key order by valid_from) as previous_end
    from period
    where ends_on is null or ends_on > valid_from
),

run as (
    select
        stepped.*,
        sum(case when previous_job = job_name and previous_end = valid_from and change_type is distinct from 'rehire' then 0 else 1 end)
            over (partition by worker_key order by valid_from rows between unbounded preceding and current row) as job_run,
        sum(case
            when previous_manager = coalesce(manager_key, '') and previous_end = valid_from and change_type is distinct from 'rehire' then 0 else 1
        end)
            over (partition by worker_key order by valid_from rows between unbounded preceding and current row) as manager_run
    from stepped
)

select
    worker_key,
    valid_from,
    ends_on as valid_to,
    job_title,
    job_code,
    job_family,
    grade_code,
    grade_rank,
    org_unit_key,
    manager_key,
    location_code,
    change_type,
    min(started_on) over (partition by worker_key, job_run) as job_started_on,
    min(valid_from) over (partition by worker_key, manager_run) as manager_started_on,
    source_system,
    recorded_on
from run
