-- Conversations from Betterworks in our vocabulary. What they were about is read from the name the organisation gave them; they are
-- confirmed only where one of the two clicked to confirm, and held on the day they were completed.
-- Grain: one row per employee, conversation and delivery; a record sent again replaces the earlier one in core.
select
    -- A fingerprint, so that no table beyond this one carries the id.
    md5(upper(employee_id) || '|' || lower(conversation_title) || '|' || cast(started_on as varchar)) as conversation_id,
    upper(employee_id) as employee_id,
    case when conversation_status = 'Completed' then completed_on else coalesce(due_on, started_on) end as occurred_on,
    'day' as date_precision,
    upper(manager_id) as partner_id,
    'line_manager' as partner_role,
    case when conversation_type = 'Scheduled' then 'programme' else 'unknown' end as initiated_by,
    case
        when lower(conversation_title) like '%review%' then 'formal_review'
        when lower(conversation_title) like '%career%' then 'dedicated'
        else 'unknown'
    end as setting,
    'unknown' as channel,
    cast(null as bigint) as duration_min,
    cast(null as varchar) as duration_basis,
    'unknown' as purpose,
    cast(null as varchar) as support_type,
    cast(null as boolean) as is_prepared,
    cast(null as bigint) as usefulness,
    case
        when lower(conversation_title) like '%career%' then 'explicit'
        when lower(conversation_title) like '%development%' or lower(conversation_title) like '%growth%' then 'inferred'
        else 'unknown'
    end as career_content,
    case
        when conversation_status <> 'Completed' then 'scheduled_only'
        when is_confirmed then 'held_confirmed'
        else 'held_reported'
    end as status,
    case when conversation_status = 'Completed' and is_confirmed then 'system' else 'none' end as confirmed_by,
    _as_of as recorded_on,
    'betterworks' as source_system,
    _as_of as delivered_on,
    _line as delivered_line,
    'unknown' as rated_by
from raw.betterworks__conversation
