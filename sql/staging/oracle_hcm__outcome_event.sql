-- Exits, promotions and demotions from Oracle HCM. A primary assignment ends with the action that begins the day after the last day
-- employed; a work relationship names the last day itself, and the day of notice. Where both tell of one exit, the one that knows its
-- kind counts. Grain: one row per worker, day and kind of event of the newest export.
with claim as (
    select person_number, action_code, reason_code, cast(null as date) as decided_on, effective_start_on as effective_on, effective_sequence, _line, _as_of
    from raw.oracle_hcm__assignment
    where _as_of = (select max(_as_of) from raw.oracle_hcm__assignment)
        and coalesce(is_primary, true)
        and action_code in (
            'TERMINATION', 'RESIGNATION', 'VOLUNTARY_TERMINATION', 'INVOLUNTARY_TERMINATION', 'REDUCTION_FORCE', 'RETIREMENT', 'DEATH', 'TERM_CWK',
            'TERMINATE_PLACEMENT', 'PROMOTION', 'DEMOTION'
        )
    union all
    select person_number, action_code, reason_code, notified_termination_on, actual_termination_on + 1, 0, _line, _as_of
    from raw.oracle_hcm__worker
    where _as_of = (select max(_as_of) from raw.oracle_hcm__worker) and actual_termination_on is not null
),

typed as (
    select
        claim.*,
        upper(person_number) as employee_id,
        case
            when action_code = 'PROMOTION' then 'promotion'
            when action_code = 'DEMOTION' then 'demotion'
            when action_code in ('RESIGNATION', 'VOLUNTARY_TERMINATION') or reason_code like 'RESIGN%' then 'exit_voluntary'
            when action_code in ('INVOLUNTARY_TERMINATION', 'REDUCTION_FORCE') then 'exit_involuntary'
            when action_code in ('RETIREMENT', 'DEATH') then 'exit_other'
            else 'exit_unknown'
        end as type
    from claim
),

ranked as (
    select
        typed.*,
        max(decided_on) over (
            partition by employee_id, effective_on, case when type like 'exit%' then 'exit' else type end
        ) as known_decided_on,
        row_number() over (
            partition by employee_id, effective_on, case when type like 'exit%' then 'exit' else type end
            order by case when type = 'exit_unknown' then 1 else 0 end, effective_sequence desc, _line desc
        ) as place
    from typed
)

select
    employee_id,
    type,
    known_decided_on as decided_on,
    effective_on,
    case when type like 'exit%' then effective_on - 1 end as last_day_on,
    coalesce(reason_code, action_code) as reason_raw,
    cast(null as boolean) as regretted,
    'oracle_hcm' as source_system,
    _as_of as recorded_on
from ranked
where place = 1
