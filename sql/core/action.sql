-- Actions agreed in conversations, those left out that cannot be true. `owner_key` is who is to do it, `due_by` the day it is due, 90
-- days after the agreement where none was set. `source_system` is the system of the conversation: one that has no row here does not
-- record actions, and nothing can be said of its conversations. Grain: one row per action.
select
    action_key, conversation_key, owner_key, agreed_on, due_on, due_by, done_on, reviewed_on, status, recorded_on, source_system
from core.action_claim
where fault is null
