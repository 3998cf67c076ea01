-- Workers by id in every Workday export, to see whether an id came to stand for somebody else. Grain: one row per worker and export.
select
    upper(employee_id) as employee_id,
    _id_space as population,
    _as_of as as_of,
    preferred_name as display_name,
    cast(null as date) as birth_on,
    coalesce(original_hire_date, hire_date) as hired_on,
    'workday' as source_system
from raw.workday__worker
