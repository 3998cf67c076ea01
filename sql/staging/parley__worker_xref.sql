-- Other ids of workers from the template. Grain: one row per worker and other id of the newest file.
select upper(employee_id) as employee_id, id_type, id_raw, valid_from, valid_to, 'parley' as source_system, _as_of as recorded_on
from raw.parley__worker_xref
where _as_of = (select max(_as_of) from raw.parley__worker_xref)
