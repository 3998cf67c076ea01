-- Rises in grade, on the day they were decided where that is known, else on the day they took effect. Grain: one row per worker, spell and rise.
select m.worker_key, m.spell_no, least(coalesce(o.decided_on, m.moved_on), m.moved_on) as decided_on
from core.move as m
left join core.outcome_event as o on m.worker_key = o.worker_key and m.moved_on = o.effective_on and o.type = 'promotion'
where m.is_grade_increase
