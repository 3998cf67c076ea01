-- Last conversation dates from HR's workbook: a date only, never a count. Grain: one row per employee and export.
select
    upper(employee_no) as employee_id,
    _as_of as as_of,
    last_conversation_date as last_on,
    cast(null as bigint) as count_12m,
    'any' as relation,
    'workbook' as source_system
from raw.workbook__last_conversation
