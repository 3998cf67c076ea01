-- Spells of people in scope, cut at the horizon (the day after the as-of date). Grain: one row per spell that had begun by then.
-- `observed_from` is when the person's source begins to tell of those who leave as well; before it nobody is counted anywhere. It is
-- null where the whole spell is observed.
select
    s.worker_key,
    s.spell_no,
    s.started_on,
    least(coalesce(s.ended_on, run.horizon), run.horizon) as ends_on,
    case when k.known_from > s.started_on then k.known_from end as observed_from,
    w.planned_exit_on
from core.spell as s
inner join core.worker as w on s.worker_key = w.worker_key and w.in_scope
left join core.known_from as k on w.source_system = k.source_system and w.population = k.population
cross join raw.run as run
where s.started_on < run.horizon and (s.ended_on is null or s.ended_on > s.started_on)
