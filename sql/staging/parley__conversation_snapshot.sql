-- Last conversation dates from the template. Grain: one row per employee and date of the list.
select upper(employee_id) as employee_id, as_of, last_on, count_12m, coalesce(relation, 'unknown') as relation, 'parley' as source_system
from raw.parley__conversation_snapshot
