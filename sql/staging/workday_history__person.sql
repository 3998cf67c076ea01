-- Workers by id in every copy of the connector's history, to see whether an id came to stand for somebody else. Grain: one row per
-- worker and export; the table has no names.
select
    upper(worker_id) as employee_id,
    _id_space as population,
    _as_of as as_of,
    cast(null as varchar) as display_name,
    cast(null as date) as birth_on,
    min(coalesce(original_hire_date, hire_date)) as hired_on,
    'workday_history' as source_system
from raw.workday_history__worker
group by upper(worker_id), _id_space, _as_of
