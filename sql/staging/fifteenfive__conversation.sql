-- 1-on-1s from 15Five in our vocabulary: of what people spoke is not known, so none sets back a clock; any two may have one.
-- Grain: one row per pair, day and delivery; a record sent again replaces the earlier one in core.
select
    -- A fingerprint, so that no table beyond this one carries the addresses.
    md5(lower(employee_email) || '|' || lower(partner_email) || '|' || cast(met_on as varchar)) as conversation_id,
    upper(employee_email) as employee_id,
    met_on as occurred_on,
    'day' as date_precision,
    upper(partner_email) as partner_id,
    'unknown' as partner_role,
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
    case when meeting_status = 'Ended' then 'held_reported' else 'scheduled_only' end as status,
    case when meeting_status = 'Ended' then 'system' else 'none' end as confirmed_by,
    _as_of as recorded_on,
    'fifteenfive' as source_system,
    _as_of as delivered_on,
    _line as delivered_line,
    'unknown' as rated_by
from raw.fifteenfive__one_on_one
