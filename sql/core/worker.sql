-- Workers, one row each, whichever system knows them. Contractors, agency staff and freelances are outside every metric.
with claim as (
    select * from staging.workday__worker
    union all
    select * from staging.workday_history__worker
    union all
    select * from staging.parley__worker
),

ranked as (
    select
        claim.*,
        row_number() over (partition by employee_id order by recorded_on desc, latest_hire_date desc, source_system) as place
    from claim
)

select
    x.worker_key,
    r.original_hire_date,
    r.latest_hire_date,
    r.employment_status,
    r.employment_type,
    r.fte,
    r.country,
    r.planned_exit_on,
    coalesce(r.in_scope, r.employment_type not in ('contractor', 'freelance')) as in_scope,
    case
        when r.in_scope is not null then 'declared by the source'
        when r.employment_type in ('contractor', 'freelance') then 'not an employee'
        else 'employee'
    end as scope_reason,
    r.source_system
from ranked as r
inner join core.worker_xref as x on r.employee_id = x.id_norm
where r.place = 1
