-- 1:1s from Lattice in our vocabulary: people met, of what they spoke is not known, so none sets back a clock. Without a trace in the
-- tool only the appointment is known. Grain: one row per pair, day and delivery; a record sent again replaces the earlier one in core.
select
    -- A fingerprint, so that no table beyond this one carries the addresses.
    md5(lower(employee_email) || '|' || lower(manager_email) || '|' || cast(met_on as varchar)) as conversation_id,
    upper(employee_email) as employee_id,
    met_on as occurred_on,
    'day' as date_precision,
    upper(manager_email) as partner_id,
    'line_manager' as partner_role,
    'unknown' as initiated_by,
    'within_1_1' as setting,
    'unknown' as channel,
    cast(null as bigint) as duration_min,
    cast(null as varchar) as duration_basis,
    'unknown' as purpose,
    cast(null as varchar) as support_type,
    cast(null as boolean) as is_prepared,
    cast(null as bigint) as usefulness,
    'unknown' as career_content,
    case when participated then 'held_reported' else 'scheduled_only' end as status,
    case when participated then 'system' else 'none' end as confirmed_by,
    _as_of as recorded_on,
    'lattice' as source_system,
    _as_of as delivered_on,
    _line as delivered_line,
    'unknown' as rated_by
from raw.lattice__one_on_one
