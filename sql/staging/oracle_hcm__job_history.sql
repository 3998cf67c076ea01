-- Assignments from Oracle HCM as half-open periods. Of several changes on one day the last counts. What follows a termination is no
-- job; `change_type` comes from the action alone. Grain: one row per assignment and period of the newest export.
with ranked as (
    select
        a.*,
        row_number() over (
            partition by upper(person_number), assignment_number, effective_start_on
            order by case when is_latest_change then 0 else 1 end, effective_sequence desc, _line desc
        ) as place
    from raw.oracle_hcm__assignment as a
    where a._as_of = (select max(_as_of) from raw.oracle_hcm__assignment)
)

select
    upper(person_number) as employee_id,
    effective_start_on as valid_from,
    effective_end_on + 1 as valid_to,
    job_title,
    coalesce(job_code, position_code) as job_code,
    cast(null as varchar) as job_family,
    grade_code,
    cast(null as bigint) as grade_rank,
    coalesce(department, business_unit) as org_unit_key,
    upper(manager_person_number) as manager_id,
    coalesce(is_primary, true) as is_primary,
    location_code,
    action_code as change_raw,
    case
        when action_code in ('HIRE', 'ADD_CWK', 'ADD_NON_WKR') then 'hire'
        when action_code in ('REHIRE', 'RENEW_CWK') then 'rehire'
        when action_code = 'PROMOTION' then 'promotion'
        when action_code = 'DEMOTION' then 'demotion'
        when action_code in ('TRANSFER', 'GLB_TRANSFER') then 'transfer'
        when action_code = 'MANAGER_CHANGE' then 'manager_change'
        when action_code in ('REORGANIZATION', 'ORA_REORGANIZATION') then 'reorg'
        when action_code in ('ORA_SYNC_CONFIG_CHANGE', 'ORA_DATA_CORRECTION') then 'correction'
        else 'unknown'
    end as change_type,
    'oracle_hcm' as source_system,
    _as_of as recorded_on
from ranked
where place = 1
    and action_code not in (
        'TERMINATION', 'RESIGNATION', 'VOLUNTARY_TERMINATION', 'INVOLUNTARY_TERMINATION', 'REDUCTION_FORCE', 'RETIREMENT', 'DEATH', 'TERM_CWK',
        'TERMINATE_PLACEMENT'
    )
    and coalesce(assignment_status, 'ACTIVE_PROCESS') not like 'INACTIVE%'
