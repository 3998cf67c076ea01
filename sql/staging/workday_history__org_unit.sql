-- Organisations from a connector's copy of Workday: today's state, valid since the unit became available. Grain: one row per unit.
select
    organization_id as org_unit_key,
    coalesce(cast(availability_date as date), date '1930-01-01') as valid_from,
    cast(null as date) as valid_to,
    name,
    case sub_type when 'Division' then 'division' when 'Department' then 'department' when 'Team' then 'team' else 'supervisory_org' end as type,
    superior_organization_id as parent_key,
    upper(manager_id) as head_id,
    'workday_history' as source_system,
    _as_of as recorded_on
from raw.workday_history__organization
where not coalesce(inactive, false) and _as_of = (select max(_as_of) from raw.workday_history__organization)
