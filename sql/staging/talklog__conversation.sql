-- The conversation log in our vocabulary. Grain: one row per record and delivery; a record sent again replaces the earlier one in core.
select
    _id_space || record_id as conversation_id,
    upper(employee_id) as employee_id,
    conversation_date as occurred_on,
    'day' as date_precision,
    upper(partner_id) as partner_id,
    case with_role
        when 'Line manager' then 'line_manager'
        when 'Skip-level manager' then 'skip_level'
        when 'Matrix manager' then 'matrix_manager'
        when 'Mentor' then 'mentor'
        when 'Coach (internal)' then 'coach_internal'
        when 'Coach (external)' then 'coach_external'
        when 'Peer' then 'peer'
        when 'HR partner' then 'hr_partner'
        when 'Someone else' then 'other'
        else 'unknown'
    end as partner_role,
    case started_by when 'Employee' then 'employee' when 'Partner' then 'partner' when 'Programme' then 'programme' else 'unknown' end as initiated_by,
    case setting
        when 'Informal' then 'informal'
        when 'One-to-one' then 'within_1_1'
        when 'Dedicated' then 'dedicated'
        when 'Formal review' then 'formal_review'
        else 'unknown'
    end as setting,
    case channel when 'In person' then 'in_person' when 'Video' then 'video' when 'Phone' then 'phone' when 'Chat' then 'chat' else 'unknown' end as channel,
    minutes as duration_min,
    lower(minutes_basis) as duration_basis,
    case topic
        when 'New role' then 'new_role'
        when 'Project' then 'project'
        when 'Development' then 'development'
        when 'Promotion' then 'promotion'
        when 'Lateral move' then 'lateral_move'
        when 'Staying' then 'stay'
        when 'Return from leave' then 'return_from_leave'
        when 'Outside' then 'external_look'
        when 'Later career' then 'later_career'
        when 'General' then 'general'
        else 'unknown'
    end as purpose,
    case support
        when 'Sounding board' then 'sounding_board'
        when 'Feedback' then 'feedback'
        when 'Information' then 'information'
        when 'Advice' then 'advice_challenge'
        when 'Sponsorship' then 'sponsorship'
        when 'Planning' then 'planning'
    end as support_type,
    prepared as is_prepared,
    useful as usefulness,
    case career_content when 'Yes' then 'explicit' when 'Partly' then 'inferred' when 'No' then 'none' else 'unknown' end as career_content,
    case status when 'Held' then 'held_reported' when 'Cancelled' then 'cancelled' when 'Missed' then 'missed' else 'scheduled_only' end as status,
    case when started_by = 'Employee' then 'employee' else 'none' end as confirmed_by,
    coalesce(logged_on, _as_of) as recorded_on,
    'talklog' as source_system,
    _as_of as delivered_on,
    _line as delivered_line,
    case rated_by when 'Employee' then 'employee' when 'Partner' then 'partner' else 'unknown' end as rated_by
from raw.talklog__conversation
