-- When a career conversation is due for the people of lists.person_feature: the day of the last, the rhythm of their career stage, and what has happened in the
-- past 60 days that calls for one and has had none yet (core.trigger_event). With it the plain facts of their job, of today, that a reason may
-- name. `state` is that of core.episode; `promoted_on` is the last rise in grade that has been decided. Grain: one row per worker.
with standing_now as (
    select e.*, run.as_of
    from core.episode as e
    cross join raw.run as run
    where e.valid_from <= run.as_of and e.valid_to > run.as_of
),

called as (
    select
        e.worker_key,
        max(case when v.kind = 'new_manager' then v.on_day end) as new_manager_on,
        max(case when v.kind = 'new_role' then v.on_day end) as new_role_on,
        max(case when v.kind = 'three_years_in_role' then v.on_day end) as three_years_on,
        max(case when v.kind = 'lost_mentor' then v.on_day end) as lost_mentor_on
    from standing_now as e
    inner join core.trigger_event as v
        on e.worker_key = v.worker_key and v.on_day > e.started_on and v.on_day <= e.as_of and v.on_day > e.as_of - 60
        and v.on_day > coalesce(e.last_on, date '1900-01-01')
    group by e.worker_key
),

managed as (
    select e.worker_key, count(*) as managers_in_two_years
    from standing_now as e
    inner join core.trigger_event as v
        on v.kind = 'new_manager' and e.worker_key = v.worker_key and v.on_day > e.started_on and v.on_day <= e.as_of and v.on_day > e.as_of - 730
    group by e.worker_key
),

risen as (
    select r.worker_key, r.spell_no, max(r.decided_on) as promoted_on
    from links.rise as r
    cross join raw.run as run
    where r.decided_on <= run.as_of
    group by r.worker_key, r.spell_no
)

select
    e.worker_key,
    e.spell_no,
    e.is_eligible,
    e.career_stage,
    e.state,
    e.last_on,
    case when e.state = 'at_least' then e.covered_from end as none_since_on,
    stage.target_days,
    e.started_on,
    j.job_started_on,
    e.manager_started_on,
    coalesce(m.managers_in_two_years, 0) as managers_in_two_years,
    r.promoted_on,
    c.new_manager_on,
    c.new_role_on,
    c.three_years_on,
    c.lost_mentor_on
from lists.person_feature as f
inner join standing_now as e on f.worker_key = e.worker_key and f.spell_no = e.spell_no
inner join raw.career_stage as stage on e.career_stage = stage.stage
left join core.job as j
    on e.worker_key = j.worker_key and e.as_of >= j.valid_from and e.as_of < coalesce(j.valid_to, date '9999-12-31')
left join called as c on e.worker_key = c.worker_key
left join managed as m on e.worker_key = m.worker_key
left join risen as r on e.worker_key = r.worker_key and e.spell_no = r.spell_no
