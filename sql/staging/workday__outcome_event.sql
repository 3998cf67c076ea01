-- Exits and moves from Workday. Grain: one row per event. A termination date is the last day employed, so the first day
-- not employed is the day after; in the job history the termination row already starts on that day.
select
    upper(employee_id) as employee_id,
    case termination_category
        when 'Voluntary' then 'exit_voluntary'
        when 'Involuntary' then 'exit_involuntary'
        when 'Other' then 'exit_other'
        else 'exit_unknown'
    end as type,
    resignation_date as decided_on,
    termination_date + 1 as effective_on,
    termination_date as last_day_on,
    termination_reason as reason_raw,
    regrettable_termination as regretted,
    'workday' as source_system,
    _as_of as recorded_on
from raw.workday__worker
where termination_date is not null and _as_of = (select max(_as_of) from raw.workday__worker)
union all
select
    upper(employee_id) as employee_id,
    case business_process_reason
        when 'Termination' then 'exit_unknown'
        when 'Promotion' then 'promotion'
        when 'Demotion' then 'demotion'
        else 'lateral'
    end as type,
    cast(null as date) as decided_on,
    effective_date as effective_on,
    case when business_process_reason = 'Termination' then effective_date - 1 end as last_day_on,
    business_process_reason as reason_raw,
    cast(null as boolean) as regretted,
    'workday' as source_system,
    _as_of as recorded_on
from raw.workday__job_history
where business_process_reason in ('Termination', 'Promotion', 'Demotion', 'Lateral Move')
    and _as_of = (select max(_as_of) from raw.workday__job_history)
