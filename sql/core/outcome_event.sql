-- Exits, promotions and moves, one row per worker, day and kind. Where two systems report one exit, the one that knows its
-- kind is kept. Exits are dated at the first day not employed; `decided_on` is the day notice was given. Snapshots tell of exits,
-- and of a promotion only by a higher rank of the grade, never by a title; what is inferred has the basis 'derived'.
with claim as (
    select
        x.worker_key, d.type, d.decided_on, d.effective_on, d.last_day_on, d.reason_raw, d.regretted, 'source' as basis, d.source_system, d.recorded_on
    from core.delivered_outcome as d
    inner join core.worker_xref as x on d.employee_id = x.id_norm
    union all
    select worker_key, exit_type, decided_on, ended_on, cast(null as date), reason_raw, regretted, basis, source_system, recorded_on
    from core.snapshot_spell
    where ended_on is not null
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
