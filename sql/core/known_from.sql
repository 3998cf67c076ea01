-- From which day on a system that exports the present state tells of everybody, those included who have left since. Grain: one row per
-- source and population. Where it names nobody who left well before its first export (people who have just left linger in lists of
-- active staff), the time before is survivors only, and no figure may speak of it. Systems that export all workers over all dates have no row: their files without leavers are refused.
with source as (
    select source_system, population, min(as_of) as first_on
    from core.worker_snapshot
    group by source_system, population
),

past_exit as (
    select w.source_system, w.population, min(o.effective_on) as first_exit_on
    from core.outcome_event as o
    inner join core.worker as w on o.worker_key = w.worker_key
    where o.type like 'exit%' and o.basis = 'source'
    group by w.source_system, w.population
)

select
    s.source_system,
    s.population,
    case when p.first_exit_on <= s.first_on - 60 then date '1930-01-01' else s.first_on end as known_from
from source as s
left join past_exit as p on s.source_system = p.source_system and s.population = p.population
