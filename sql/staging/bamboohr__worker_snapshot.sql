-- Employees from the BambooHR report as they stood, all reports. A termination before a rehire ended the employment before. The
-- manager is known by number, else by the internal id, else by address, else by name only. Departments of one name in two
-- divisions are two units. Grain: one row per employee and day of a report.
with stated as (
    select
        w.*,
        coalesce(w.rehire_date, w.hire_date) as began_on,
        case when w.last_day_on >= coalesce(w.rehire_date, w.hire_date) then w.last_day_on end as ends_on,
        case when w.division <> w.department then w.division end as parent_unit,
        lower(w.employment_type) as kind
    from raw.bamboohr__worker as w
),

inside as (
    select _id_space, _as_of, upper(internal_id) as inside_id, min(upper(employee_id)) as person
    from raw.bamboohr__worker
    where internal_id is not null
    group by _id_space, _as_of, upper(internal_id)
    having count(distinct upper(employee_id)) = 1
)

select
    upper(s.employee_id) as employee_id,
    s._as_of as as_of,
    s._id_space as population,
    nullif(trim(concat(coalesce(s.first_name, ''), ' ', coalesce(s.last_name, ''))), '') as display_name,
    s.work_email,
    s.birth_on,
    coalesce(s.original_hire_date, s.hire_date) as original_hire_date,
    s.began_on as hire_date,
    s.ends_on as last_day_on,
    cast(null as date) as decided_on,
    case when s.ends_on is not null then 'exit_unknown' end as exit_type,
    cast(null as varchar) as reason_raw,
    cast(null as boolean) as regretted,
    case
        when s.ends_on < s._as_of then 'terminated'
        when s.began_on > s._as_of then 'prehire'
        when s.employment_status = 'Inactive' and s.ends_on is null then 'terminated'
        when s.kind like '%leave%' then 'leave'
        else 'active'
    end as employment_status,
    case
        when s.kind like '%contract%' then 'contractor'
        when s.kind like '%freelance%' then 'freelance'
        when s.kind like 'intern' or s.kind like 'intern %' or s.kind like '%internship%' then 'intern'
        when s.kind like '%temp%' or s.kind like '%season%' then 'temp'
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
    coalesce(s.parent_unit || ' / ' || s.department, s.department, s.division) as org_unit_key,
    coalesce(s.department, s.division) as org_unit_name,
    case when s.department is not null then 'department' when s.division is not null then 'division' end as org_unit_type,
    case when s.department is not null then s.parent_unit end as parent_unit_key,
    case when s.department is not null then s.parent_unit end as parent_unit_name,
    coalesce(upper(s.manager_id), i.person, upper(s.manager_email)) as manager_id,
    s.manager_name,
    s.location as location_code,
    cast(null as date) as job_started_on,
    'bamboohr' as source_system,
    s._as_of as recorded_on
from stated as s
left join inside as i on s._id_space = i._id_space and s._as_of = i._as_of and upper(s.manager_internal_id) = i.inside_id
