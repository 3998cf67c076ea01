-- Spells of people in scope, cut at the horizon (the day after the as-of date). Grain: one row per spell that had begun by then.
select
    s.worker_key,
    s.spell_no,
    s.started_on,
    least(coalesce(s.ended_on, run.horizon), run.horizon) as ends_on,
    w.planned_exit_on
from core.spell as s
inner join core.worker as w on s.worker_key = w.worker_key and w.in_scope
cross join raw.run as run
where s.started_on < run.horizon and (s.ended_on is null or s.ended_on > s.started_on)
