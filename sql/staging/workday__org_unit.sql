-- Workday supervisory organisations as half-open periods. Grain: one row per unit and period of the newest export.
select
    organization_id as org_unit_key,
    effective_date as valid_from,
    end_date + 1 as valid_to,
    organization_name as name,
    case organization_type
        when 'Company' then 'company'
        when 'Division' then 'division'
        when 'Department' then 'department'
        when 'Team' then 'team'
        else 'supervisory_org'
    end as type,
    superior_organization_id as parent_key,
    upper(manager_id) as head_id,
    'workday' as source_system,
    _as_of as recorded_on
from raw.workday__organization
where _as_of = (select max(_as_of) from raw.workday__organization)
