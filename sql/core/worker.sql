-- Workers, one row each, whichever system knows them. Contractors, agency staff and freelances are outside every metric.
with claim as (
    select
        x.worker_key, d.original_hire_date, d.latest_hire_date, d.employment_status, d.employment_type, d.fte, d.country, d.planned_exit_on,
        d.in_scope, d.source_system, '' as population, d.recorded_on
    from core.delivered_worker as d
    inner join core.worker_xref as x on d.employee_id = x.id_norm
    union all
    select
        worker_key, original_hire_date, hire_date, employment_status, employment_type, fte, country, planned_exit_on,
        in_scope, source_system, population, recorded_on
    from core.worker_snapshot
),

ranked as (
    select
        claim.*,
        row_number() over (partition by worker_key order by recorded_on desc, latest_hire_date desc, source_system, population) as place
    from claim
)

select
    worker_key,
    original_hire_date,
    latest_hire_date,
    employment_status,
    employment_type,
    fte,
    country,
    planned_exit_on,
    coalesce(in_scope, employment_type not in ('contractor', 'freelance')) as in_scope,
    case
        when in_scope is not null then 'declared by the source'
        when employment_type in ('contractor', 'freelance') then 'not an employee'
        else 'employee'
    end as scope_reason,
    source_system,
    population,
    recorded_on
from ranked
where place = 1
