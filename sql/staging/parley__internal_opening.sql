-- Which units had many internal openings and which few, since when. Grain: one row per unit and period of the newest file.
select org_unit_id as org_unit_key, openings, valid_from, valid_to, 'parley' as source_system
from raw.parley__internal_opening
where _as_of = (select max(_as_of) from raw.parley__internal_opening)
