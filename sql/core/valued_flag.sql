-- Whom the organisation said it wanted to keep. Grain: one row per worker and day of the judgement, which holds until the next; of
-- several deliveries the newest counts. `recorded_on` is the first day on which this very judgement was on file, so that
-- one written after somebody gave notice can be told from one that was there before.
with claim as (
    select
        x.worker_key,
        f.flagged_on,
        f.is_valued,
        f.source_system,
        min(f.recorded_on) over (partition by x.worker_key, f.flagged_on, f.is_valued) as recorded_on,
        row_number() over (
            partition by x.worker_key, f.flagged_on order by f.delivered_on desc, f.delivered_line desc, f.employee_id
        ) as place
    from staging.parley__valued_flag as f
    inner join core.worker_xref as x on f.employee_id = x.id_norm
    inner join raw.run as run on f.flagged_on <= run.as_of
)

select worker_key, flagged_on, is_valued, recorded_on, source_system
from claim
where place = 1
