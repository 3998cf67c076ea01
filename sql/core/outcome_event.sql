-- Exits, promotions and moves, one row per worker, day and kind. Where two systems report one exit, the one that knows its
-- kind is kept. Exits are dated at the first day not employed; `decided_on` is the day notice was given. Snapshots tell of exits,
-- and of a promotion only by a higher rank of the grade, never by a title; what is inferred has the basis 'derived'. Where a system
-- delivers the exit itself with another day, that day counts: a stint that snapshots show has one exit only.
with delivered as (
    select
        x.worker_key, d.type, d.decided_on, d.effective_on, d.last_day_on, d.reason_raw, d.regretted, 'source' as basis, d.source_system, d.recorded_on
    from core.delivered_outcome as d
    inner join core.worker_xref as x on d.employee_id = x.id_norm
),

known_better as (
    select distinct s.source_system, s.population, s.worker_key, s.hired_on
    from core.snapshot_spell as s
    inner join delivered as d on s.worker_key = d.worker_key
    where d.type like 'exit%'
        and d.effective_on <> s.ended_on
        and d.effective_on > coalesce(s.seen_on, s.hired_on)
        and d.effective_on <= coalesce(s.back_on, d.effective_on)
),

claim as (
    select * from delivered
    union all
    select s.worker_key, s.exit_type, s.decided_on, s.ended_on, cast(null as date), s.reason_raw, s.regretted, s.basis, s.source_system, s.recorded_on
    from core.snapshot_spell as s
    left join known_better as k
        on s.source_system = k.source_system and s.population = k.population and s.worker_key = k.worker_key and s.hired_on = k.hired_on
    where s.ended_on is not null and k.worker_key is null
    union all
    select worker_key, change_type, cast(null as date), valid_from, cast(null as date), cast(null as varchar), cast(null as boolean), 'derived', source_system, recorded_on
    from core.snapshot_job
    where change_type in ('promotion', 'demotion')
),

ranked as (
    select
        worker_key,
        type,
        decided_on,
        effective_on,
        coalesce(last_day_on, case when type like 'exit%' then effective_on - 1 end) as last_day_on,
        reason_raw,
        regretted,
        basis,
        source_system,
        recorded_on,
        row_number() over (
            partition by worker_key, effective_on, case when type like 'exit%' then 'exit' else type end
            order by case when type = 'exit_unknown' then 1 else 0 end, recorded_on desc, basis desc, source_system, type
        ) as place
    from claim
)

select worker_key, type, decided_on, effective_on, last_day_on, reason_raw, regretted, basis, source_system, recorded_on
from ranked
where place = 1
