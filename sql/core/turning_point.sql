-- The days on which something about a person changes: hire, job, manager, conversation, coverage, leave, career stage, tenure
-- class. Grain: one row per worker, spell and day inside the spell; `reset_on` is set where the clock was set back that day.
with change as (
    select worker_key, spell_no, started_on as on_day, cast(null as date) as reset_on from core.employment
    union all
    select worker_key, spell_no, observed_from, null from core.employment where observed_from is not null
    union all
    select worker_key, spell_no, occurred_on, occurred_on from core.clock_reset
    union all
    select worker_key, spell_no, valid_from, null from core.capture_span
    union all
    select worker_key, spell_no, valid_to, null from core.capture_span
    union all
    select worker_key, spell_no, valid_from + 182, null from core.capture_span
    union all
    select e.worker_key, e.spell_no, e.started_on + t.from_days, null
    from core.employment as e cross join raw.tenure_class as t
    union all
    select worker_key, spell_no, planned_exit_on - 365, null from core.employment where planned_exit_on is not null
    union all
    select e.worker_key, e.spell_no, j.valid_from, null
    from core.employment as e inner join core.job as j on e.worker_key = j.worker_key
    union all
    select e.worker_key, e.spell_no, j.valid_to, null
    from core.employment as e inner join core.job as j on e.worker_key = j.worker_key where j.valid_to is not null
    union all
    select e.worker_key, e.spell_no, j.job_started_on + c.from_days, null
    from core.employment as e inner join core.job as j on e.worker_key = j.worker_key cross join raw.career_stage as c
    where c.from_days is not null
    union all
    select e.worker_key, e.spell_no, j.manager_started_on + 90, null
    from core.employment as e inner join core.job as j on e.worker_key = j.worker_key
    union all
    select e.worker_key, e.spell_no, l.valid_from, null
    from core.employment as e inner join core.long_leave as l on e.worker_key = l.worker_key
    union all
    select e.worker_key, e.spell_no, l.valid_to, null
    from core.employment as e inner join core.long_leave as l on e.worker_key = l.worker_key
)

select c.worker_key, c.spell_no, c.on_day, max(c.reset_on) as reset_on
from change as c
inner join core.employment as e on c.worker_key = e.worker_key and c.spell_no = e.spell_no
where c.on_day >= e.started_on and c.on_day < e.ends_on
group by c.worker_key, c.spell_no, c.on_day
