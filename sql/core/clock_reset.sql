-- The days on which a person's clock was set back: held conversations, and last-conversation dates where only those are known.
-- Grain: one row per worker, spell, day and partner. Dates from lists have no partner and count no conversation.
select worker_key, spell_no, occurred_on, partner_key
from core.conversation
union
select worker_key, spell_no, last_on, cast(null as varchar)
from core.conversation_snapshot
where last_on is not null
