-- Workday leaves as half-open periods, no reasons. Grain: one row per leave of the newest export.
select
    upper(employee_id) as employee_id,
    leave_start_date as valid_from,
    leave_end_date + 1 as valid_to,
    'workday' as source_system,
    _as_of as recorded_on
from raw.workday__leave
where _as_of = (select max(_as_of) from raw.workday__leave)
