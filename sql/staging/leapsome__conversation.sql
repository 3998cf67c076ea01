-- 1:1 meetings from Leapsome in our vocabulary, team meetings left out: of what people spoke is not known, so none sets back a clock.
-- Any two may have one; the participant is taken for the employee, the organiser for the partner.
-- Grain: one row per meeting and delivery; a record sent again replaces the earlier one in core.
select
    _id_space || meeting_id as conversation_id,
    upper(participant_email) as employee_id,
    met_on as occurred_on,
    'day' as date_precision,
    upper(organiser_email) as partner_id,
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
    case meeting_status
        when 'Completed' then 'held_reported'
        when 'Skipped' then 'missed'
        when 'Cancelled' then 'cancelled'
        else 'scheduled_only'
    end as status,
    case when meeting_status = 'Completed' then 'system' else 'none' end as confirmed_by,
    _as_of as recorded_on,
    'leapsome' as source_system,
    _as_of as delivered_on,
    _line as delivered_line,
    'unknown' as rated_by
from raw.leapsome__meeting
where meeting_type = '1:1'
