-- Workers from ADP Workforce Now as they stood, all exports. Of several positions of a person the primary one counts, else the
-- one that is not ended and began last. A manager's id may lack the company code that the workers' ids have in front, or have one
-- they lack; it is read as that of the worker's own company, else as the one worker it then can only be. Grain: one row per worker
-- and day of an export.
with stated as (
    select
        w.*,
        upper(w.employee_id) as person,
        coalesce(w.rehire_date, w.latest_hire_date, w.hire_date) as began_on,
        case when w.last_day_on >= coalesce(w.rehire_date, w.latest_hire_date, w.hire_date) then w.last_day_on end as ends_on,
        substr(upper(w.employee_id), length(w._id_space) + 1) as bare_id,
        upper(w.company_code) as company
    from raw.adp__worker as w
),

ranked as (
    select
        stated.*,
        row_number() over (
            partition by _id_space, _as_of, person
            order by
                case when is_primary then 0 when is_primary is null then 1 else 2 end,
                case when employment_status in ('Active', 'Leave', 'Inactive') then 0 else 1 end,
                coalesce(job_started_on, date '1900-01-01') desc,
                position_id,
                _line
        ) as place
    from stated
),

alias as (
    select _id_space, _as_of, person, upper(_id_space) || company || bare_id as other_id
    from stated
    where company is not null
    union
    select _id_space, _as_of, person, upper(_id_space) || substr(bare_id, length(company) + 1)
    from stated
    where bare_id like company || '_%'
),

known as (
    select _id_space, _as_of, other_id, min(person) as person
    from alias
    group by _id_space, _as_of, other_id
    having count(distinct person) = 1
),

holder as (
    select _id_space, _as_of, upper(position_id) as position_key, min(person) as person
    from stated
    where position_id is not null
    group by _id_space, _as_of, upper(position_id)
    having count(distinct person) = 1
),

worded as (
    select
        r.*,
        lower(r.reason_raw) as reason,
        lower(r.worker_category) as category,
        coalesce(m.person, o.person, k.person, h.person, upper(r.manager_id)) as manager_person
    from ranked as r
    left join ranked as m on m.place = 1 and r._id_space = m._id_space and r._as_of = m._as_of and upper(r.manager_id) = m.person
    left join ranked as o
        on o.place = 1
        and r._id_space = o._id_space
        and r._as_of = o._as_of
        and upper(r._id_space) || r.company || substr(upper(r.manager_id), length(r._id_space) + 1) = o.person
    left join known as k on r._id_space = k._id_space and r._as_of = k._as_of and upper(r.manager_id) = k.other_id
    left join holder as h on r._id_space = h._id_space and r._as_of = h._as_of and upper(r.manager_position_id) = h.position_key
    where r.place = 1
)

select
    person as employee_id,
    _as_of as as_of,
    _id_space as population,
    nullif(trim(concat(coalesce(first_name, ''), ' ', coalesce(last_name, ''))), '') as display_name,
    work_email,
    birth_on,
    hire_date as original_hire_date,
    began_on as hire_date,
    ends_on as last_day_on,
    cast(null as date) as decided_on,
    case
        when ends_on is null and employment_status not in ('Terminated', 'Deceased', 'Retired') then null
        when employment_status in ('Deceased', 'Retired') or reason like '%retire%' or reason like '%death%' or reason like '%deceas%'
            or reason like '%end of contract%' or reason like '%end of assignment%' then 'exit_other'
        when exit_choice = 'Voluntary' then 'exit_voluntary'
        when exit_choice = 'Involuntary' then 'exit_involuntary'
        when reason like '%involunt%' or reason like '%dismiss%' or reason like '%discharge%' or reason like '%laid off%'
            or reason like '%layoff%' or reason like '%reduction in force%' or reason like '%eliminat%' then 'exit_involuntary'
        when reason like '%volunt%' or reason like '%resign%' or reason like '%quit%' then 'exit_voluntary'
        else 'exit_unknown'
    end as exit_type,
    case when ends_on is not null then reason_raw end as reason_raw,
    cast(null as boolean) as regretted,
    case
        when employment_status = 'Retired' then 'retired'
        when employment_status = 'Deceased' or ends_on < _as_of then 'terminated'
        when employment_status = 'Terminated' and ends_on is null then 'terminated'
        when employment_status = 'Inactive' then 'unknown'
        when employment_status = 'Leave' then 'leave'
        when began_on > _as_of then 'prehire'
        else 'active'
    end as employment_status,
    case
        when category like '%contract%' or category like '%contingent%' then 'contractor'
        when category like '%intern' or category like '%intern %' then 'intern'
        when category like '%temp%' or category like '%season%' then 'temp'
        when category like '%part%' then 'part_time'
        when category like '%full%' then 'full_time'
        else 'unknown'
    end as employment_type,
    cast(null as double) as fte,
    cast(null as varchar) as country,
    cast(null as date) as planned_exit_on,
    cast(null as boolean) as in_scope,
    job_title,
    job_code,
    cast(null as varchar) as job_family,
    cast(null as varchar) as grade_code,
    cast(null as bigint) as grade_rank,
    coalesce(department_code, department) as org_unit_key,
    department as org_unit_name,
    case when coalesce(department_code, department) is not null then 'department' end as org_unit_type,
    cast(null as varchar) as parent_unit_key,
    cast(null as varchar) as parent_unit_name,
    manager_person as manager_id,
    manager_name,
    location as location_code,
    job_started_on,
    'adp' as source_system,
    _as_of as recorded_on
from worded
