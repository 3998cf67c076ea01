-- Workers from Oracle HCM, from their work relationships or, where only that object is delivered, their person records.
-- Grain: one row per worker of the newest export; the latest employment describes them.
with newest as (
    select
        w.*,
        min(start_on) over (partition by upper(person_number)) as first_start_on,
        row_number() over (
            partition by upper(person_number) order by start_on desc, coalesce(effective_start_on, start_on) desc, _line desc
        ) as place
    from raw.oracle_hcm__worker as w
    where w._as_of = (select max(_as_of) from raw.oracle_hcm__worker)
)

select
    upper(person_number) as employee_id,
    first_start_on as original_hire_date,
    start_on as latest_hire_date,
    case
        when worker_type = 'P' then 'prehire'
        when actual_termination_on < _as_of then 'terminated'
        when object = 'WorkRelationship' then 'active'
        else 'unknown'
    end as employment_status,
    case when worker_type in ('C', 'N') then 'contractor' else 'unknown' end as employment_type,
    cast(null as double) as fte,
    cast(null as varchar) as country,
    projected_termination_on as planned_exit_on,
    cast(null as boolean) as in_scope,
    'oracle_hcm' as source_system,
    _as_of as recorded_on
from newest
where place = 1
