-- Whom the organisation said it wanted to keep, from the template. Grain: one row per employee, day and delivery; a judgement sent again
-- replaces the earlier one in core.
select
    upper(employee_id) as employee_id,
    flagged_on,
    is_valued,
    coalesce(recorded_on, _as_of) as recorded_on,
    'parley' as source_system,
    _as_of as delivered_on,
    _line as delivered_line
from raw.parley__valued_flag
