-- Workers by id in every delivery of the template, to see whether an id came to stand for somebody else. Grain: one row per worker
-- and delivery; names are another template's.
select
    upper(employee_id) as employee_id,
    _id_space as population,
    _as_of as as_of,
    cast(null as varchar) as display_name,
    cast(null as date) as birth_on,
    coalesce(original_hire_date, latest_hire_date) as hired_on,
    'parley' as source_system
from raw.parley__worker
