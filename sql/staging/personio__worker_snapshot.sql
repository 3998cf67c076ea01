-- Employees from Personio as they stood, all exports; who is in two exports of one day, as active and as leaving, counts once,
-- with the day of leaving. The end of a contract is planned, the end of the employment is the exit. Where the personnel number
-- is empty the address stands for the person. Grain: one row per employee and day of an export.
with stated as (
    select
        w.*,
        coalesce(upper(w.personnel_number), upper(w.work_email)) as person,
        lower(w.termination_type) as kind
    from raw.personio__worker as w
),

ranked as (
    select
        stated.*,
        row_number() over (
            partition by _id_space, _as_of, person
            order by case when last_day_on is null then 1 else 0 end, hire_date desc, _file_id, _line
        ) as place
    from stated
)

select
    person as employee_id,
    _as_of as as_of,
    _id_space as population,
    nullif(trim(concat(coalesce(first_name, ''), ' ', coalesce(last_name, ''))), '') as display_name,
    work_email,
    birth_on,
    cast(null as date) as original_hire_date,
    hire_date,
    last_day_on,
    decided_on,
    case
        when last_day_on is null then null
        when kind like '%death%' or kind like '%tod%' or kind like '%verstorben%' or kind like '%retire%' or kind like '%rente%'
            or kind like '%ruhestand%' or kind like '%expired%' or kind like '%befrist%' or kind like '%agreement%' or kind like '%aufhebung%'
            then 'exit_other'
        when kind like '%employer%' or kind like '%arbeitgeber%' then 'exit_involuntary'
        when kind like '%employee%' or kind like '%arbeitnehmer%' or kind like '%eigenkündigung%' then 'exit_voluntary'
        else 'exit_unknown'
    end as exit_type,
    case when last_day_on is not null then coalesce(reason_raw, termination_type) end as reason_raw,
    cast(null as boolean) as regretted,
    case
        when last_day_on < _as_of then 'terminated'
        when employment_status = 'Inactive' and last_day_on is null then 'terminated'
        when employment_status = 'Onboarding' or hire_date > _as_of then 'prehire'
        when employment_status = 'Leave' then 'leave'
        else 'active'
    end as employment_status,
    case when employment_type = 'External' then 'contractor' else 'unknown' end as employment_type,
    cast(null as double) as fte,
    cast(null as varchar) as country,
    planned_exit_on,
    cast(null as boolean) as in_scope,
    job_title,
    cast(null as varchar) as job_code,
    cast(null as varchar) as job_family,
    cast(null as varchar) as grade_code,
    cast(null as bigint) as grade_rank,
    case when team <> department then department || ' / ' || team else coalesce(department, team) end as org_unit_key,
    coalesce(team, department) as org_unit_name,
    case when team = department then 'department' when team is not null then 'team' when department is not null then 'department' end as org_unit_type,
    case when team <> department then department end as parent_unit_key,
    case when team <> department then department end as parent_unit_name,
    cast(null as varchar) as manager_id,
    manager_name,
    location as location_code,
    cast(null as date) as job_started_on,
    'personio' as source_system,
    _as_of as recorded_on
from ranked
where place = 1
