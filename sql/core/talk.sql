-- Career conversations with the place of the person on that day. Grain: one row per conversation.
select
    c.conversation_key, c.worker_key, c.occurred_on, c.date_precision, c.recorded_on, c.partner_key, c.partner_relation, c.initiated_by, c.setting,
    c.duration_min, c.duration_basis, c.is_prepared, c.source_system, e.org_unit_key, e.manager_key, e.career_stage, e.tenure_band, e.is_event_covered, e.place_key,
    c.usefulness, c.rated_by, c.support_type
from core.conversation as c
inner join core.episode as e
    on c.worker_key = e.worker_key and c.spell_no = e.spell_no and c.occurred_on >= e.valid_from and c.occurred_on < e.valid_to
