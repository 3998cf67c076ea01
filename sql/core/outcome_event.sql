-- Exits, promotions and moves, one row per worker, day and kind. Where two systems report one exit, the one that knows its
-- kind is kept. Exits are dated at the first day not employed; `decided_on` is the day notice was given.
with claim as (
    select * from staging.workday__outcome_event
    union all
    select * from staging.workday_history__outcome_event
    union all
    select * from staging.parley__outcome_event
),

ranked as (
    select
        x.worker_key,
        c.type,
        c.decided_on,
        c.effective_on,
        coalesce(c.last_day_on, case when c.type like 'exit%' then c.effective_on - 1 end) as last_day_on,
        c.reason_raw,
        c.regretted,
        c.source_system,
        row_number() over (
            partition by x.worker_key, c.effective_on, case when c.type like 'exit%' then 'exit' else c.type end
            order by case when c.type = 'exit_unknown' then 1 else 0 end, c.recorded_on desc, c.source_system, c.type
        ) as place
    from claim as c
    inner join core.worker_xref as x on c.employee_id = x.id_norm
)

select worker_key, type, decided_on, effective_on, last_day_on, reason_raw, regretted, 'source' as basis, source_system
from ranked
where place = 1
