-- Which part of the organisation records its conversations where, since when. Grain: one row per source, unit and period of the newest file.
select lower(source_system) as source_system, org_unit_id as org_unit_key, valid_from, valid_to
from raw.parley__capture_coverage
where _as_of = (select max(_as_of) from raw.parley__capture_coverage)
