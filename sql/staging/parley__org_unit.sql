-- The organisation from the template. Grain: one row per unit and period of the newest file.
select
    org_unit_id as org_unit_key,
    valid_from,
    valid_to,
    name,
    coalesce(type, 'supervisory_org') as type,
    parent_id as parent_key,
    upper(head_employee_id) as head_id,
    'parley' as source_system,
    _as_of as recorded_on
from raw.parley__org_unit
where _as_of = (select max(_as_of) from raw.parley__org_unit)
