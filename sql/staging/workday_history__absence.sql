-- Leaves from a connector's copy of Workday, no reasons. Grain: one row per leave request.
select
    upper(worker_id) as employee_id,
    leave_start_date as valid_from,
    coalesce(leave_end_date, estimated_leave_end_date) + 1 as valid_to,
    'workday_history' as source_system,
    _as_of as recorded_on
from raw.workday_history__leave
where _as_of = (select max(_as_of) from raw.workday_history__leave)
