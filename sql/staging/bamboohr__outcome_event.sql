-- Exits from BambooHR's history of the employment status. The day of the row Terminated is the last one employed. Internal ids
-- become employee numbers by the newest report that has both. Grain: one row per termination of the newest export.
with person as (
    select
        _id_space,
        upper(internal_id) as inside_id,
        upper(employee_id) as employee_number,
        row_number() over (partition by _id_space, upper(internal_id) order by _as_of desc, _line desc) as place
    from raw.bamboohr__worker
    where internal_id is not null
),

worded as (
    select
        e.*,
        coalesce(upper(e.employee_id), p.employee_number, 'BAMBOOHR ID ' || upper(e.internal_id)) as whose,
        lower(concat(coalesce(e.termination_type, ''), ' ', coalesce(e.reason_raw, ''))) as words,
        lower(e.termination_type) as kind
    from raw.bamboohr__employment_status as e
    left join person as p on p.place = 1 and e._id_space = p._id_space and upper(e.internal_id) = p.inside_id
    where lower(e.employment_status) = 'terminated' and e._as_of = (select max(_as_of) from raw.bamboohr__employment_status)
)

select
    whose as employee_id,
    case
        when words like '%death%' or words like '%deceas%' or words like '%retire%' or words like '%end of contract%' then 'exit_other'
        when kind like '%involuntary%' then 'exit_involuntary'
        when kind like '%voluntary%' then 'exit_voluntary'
        else 'exit_unknown'
    end as type,
    cast(null as date) as decided_on,
    changed_on + 1 as effective_on,
    changed_on as last_day_on,
    reason_raw,
    regretted,
    'bamboohr' as source_system,
    _as_of as recorded_on
from worded
