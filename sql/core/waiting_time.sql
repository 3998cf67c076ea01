-- How long people waited for a first conversation: from hire to the first one, and from a change of manager to the first one with
-- the new manager. Grain: one row per wait. `over_on` is the day it ended otherwise (exit, next manager, end of coverage); a wait
-- whose beginning no source covered is marked, not guessed. Lists of last dates do not say with whom, so they cover no change.
with under_manager as (
    select
        m.worker_key,
        e.spell_no,
        m.manager_key,
        m.manager_started_on as started_on,
        least(max(coalesce(m.valid_to, date '9999-12-31')), e.ends_on) as over_on
    from core.job as m
    inner join core.employment as e
        on m.worker_key = e.worker_key and m.manager_started_on > e.started_on and m.manager_started_on < e.ends_on
    where m.manager_key is not null
    group by m.worker_key, e.spell_no, m.manager_key, m.manager_started_on, e.ends_on
),

wait as (
    select 'hire' as kind, 'any' as scope, worker_key, spell_no, cast(null as varchar) as with_key, started_on, ends_on as over_on
    from core.employment
    union all
    select 'manager_change' as kind, 'event' as scope, worker_key, spell_no, manager_key, started_on, over_on
    from under_manager
),

watched as (
    select
        w.kind,
        w.worker_key,
        w.spell_no,
        w.with_key,
        w.started_on,
        least(w.over_on, coalesce(c.valid_to, w.over_on)) as over_on,
        c.worker_key is not null as is_covered
    from wait as w
    left join core.capture_span as c
        on w.scope = c.scope
        and w.worker_key = c.worker_key
        and w.spell_no = c.spell_no
        and w.started_on >= c.valid_from
        and w.started_on < c.valid_to
),

first_talk as (
    select w.kind, w.worker_key, w.spell_no, w.started_on, min(r.occurred_on) as talked_on
    from watched as w
    inner join core.clock_reset as r
        on w.worker_key = r.worker_key
        and w.spell_no = r.spell_no
        and r.occurred_on >= w.started_on
        and r.occurred_on < w.over_on
        and (w.with_key is null or w.with_key = r.partner_key)
    group by w.kind, w.worker_key, w.spell_no, w.started_on
)

select
    w.kind,
    w.worker_key,
    w.started_on,
    w.over_on,
    f.talked_on,
    w.is_covered,
    e.org_unit_key,
    e.manager_key,
    e.career_stage,
    e.tenure_band,
    e.place_key
from watched as w
inner join core.episode as e
    on w.worker_key = e.worker_key and w.spell_no = e.spell_no and w.started_on >= e.valid_from and w.started_on < e.valid_to
left join first_talk as f
    on w.kind = f.kind and w.worker_key = f.worker_key and w.spell_no = f.spell_no and w.started_on = f.started_on
