-- Workday workers in our vocabulary. Grain: one row per worker of the newest export.
select
    upper(employee_id) as employee_id,
    original_hire_date,
    hire_date as latest_hire_date,
    case worker_status when 'Active' then 'active' when 'On Leave' then 'leave' else 'terminated' end as employment_status,
    case
        when worker_type = 'Contingent Worker' or employee_type = 'Contractor' then 'contractor'
        when employee_type = 'Intern' then 'intern'
        when time_type = 'Full time' then 'full_time'
        when time_type = 'Part time' then 'part_time'
        else 'unknown'
    end as employment_type,
    fte,
    upper(country) as country,
    expected_retirement_date as planned_exit_on,
    cast(null as boolean) as in_scope,
    'workday' as source_system,
    _as_of as recorded_on
from raw.workday__worker
where _as_of = (select max(_as_of) from raw.workday__worker)
