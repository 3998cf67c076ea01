-- Who may see what, from the template. Grain: one row per viewer, unit and period of the newest file.
select viewer_id, role, org_unit_id as org_unit_key, valid_from, valid_to
from raw.parley__access_scope
where _as_of = (select max(_as_of) from raw.parley__access_scope)
