-- Actions agreed in conversations, from the template; a conversation is known by the system that records it, by itself the conversation
-- template. Grain: one row per action and delivery; an action sent again replaces the earlier one in core.
select
    _id_space || action_id as action_id,
    _id_space || conversation_id as conversation_id,
    upper(owner_id) as owner_id,
    agreed_on,
    due_on,
    done_on,
    reviewed_on,
    coalesce(status, case when done_on is not null then 'done' else 'unknown' end) as status,
    coalesce(recorded_on, _as_of) as recorded_on,
    coalesce(lower(source_system), 'parley') as source_system,
    _as_of as delivered_on,
    _line as delivered_line
from raw.parley__action
