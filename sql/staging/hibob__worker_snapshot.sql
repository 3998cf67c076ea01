-- Employees from HiBob as they stood, all exports. The number in the company is the person's id; where it is empty the id inside
-- HiBob is, marked as such. Grain: one row per employee and day of an export.
with stated as (
    select
        w.*,
        coalesce(upper(w.employee_id), 'HIBOB ID ' || upper(w.internal_id)) as person,
        lower(w.lifecycle_status) as stage,
        lower(w.employment_type) as kind,
        lower(concat(coalesce(w.termination_type, ''), ' ', coalesce(w.reason_raw, ''))) as words
    from raw.hibob__employee as w
)

select
    s.person as employee_id,
    s._as_of as as_of,
    s._id_space as population,
    coalesce(s.display_name, nullif(trim(concat(coalesce(s.first_name, ''), ' ', coalesce(s.last_name, ''))), '')) as display_name,
    s.work_email,
    s.birth_on,
    s.original_hire_date,
    s.hire_date,
    s.last_day_on,
    cast(null as date) as decided_on,
    case
        when s.last_day_on is null then null
        when s.words like '%retire%' or s.words like '%death%' or s.words like '%end of contract%' or s.words like '%mutual%' then 'exit_other'
        when s.words like '%involunt%' or s.words like '%dismiss%' or s.words like '%redundan%' or s.words like '%layoff%' then 'exit_involuntary'
        when s.words like '%volunt%' or s.words like '%resign%' then 'exit_voluntary'
        else 'exit_unknown'
    end as exit_type,
    case when s.last_day_on is not null then s.reason_raw end as reason_raw,
    cast(null as boolean) as regretted,
    case
        when s.last_day_on < s._as_of then 'terminated'
        when s.stage = 'terminated' and s.last_day_on is null then 'terminated'
        when s.stage = 'hired' or s.hire_date > s._as_of then 'prehire'
        when s.stage like '%leave%' and s.stage <> 'garden leave' then 'leave'
        else 'active'
    end as employment_status,
    case
        when s.kind like '%contract%' then 'contractor'
        when s.kind like '%freelance%' then 'freelance'
        when s.kind like '%intern' or s.kind like '%internship%' then 'intern'
        when s.kind like '%temp%' then 'temp'
        when s.kind like '%part%time%' then 'part_time'
        when s.kind like '%full%time%' then 'full_time'
        else 'unknown'
    end as employment_type,
    cast(null as double) as fte,
    cast(null as varchar) as country,
    cast(null as date) as planned_exit_on,
    cast(null as boolean) as in_scope,
    s.job_title,
    cast(null as varchar) as job_code,
    cast(null as varchar) as job_family,
    cast(null as varchar) as grade_code,
    cast(null as bigint) as grade_rank,
    s.department as org_unit_key,
    s.department as org_unit_name,
    case when s.department is not null then 'department' end as org_unit_type,
    cast(null as varchar) as parent_unit_key,
    cast(null as varchar) as parent_unit_name,
    coalesce(upper(s.manager_id), m.person) as manager_id,
    cast(null as varchar) as manager_name,
    s.location as location_code,
    cast(null as date) as job_started_on,
    'hibob' as source_system,
    s._as_of as recorded_on
from stated as s
left join stated as m on s._id_space = m._id_space and s._as_of = m._as_of and upper(s.manager_internal_id) = upper(m.internal_id)
