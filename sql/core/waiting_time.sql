-- How long people waited for a conversation: from hire to the first one, from a change of manager to the first one with the new
-- manager, and from each day with a conversation to the next such day ('gap'). Grain: one row per wait. `over_on` is the day it ended
-- otherwise (exit, next manager, end of coverage); a wait whose beginning no source covered is marked, not guessed. Lists of last
-- dates do not say with whom, nor how many, so they cover no change and no gap. `is_backdated` flags a gap that a record of more than 60
-- days later begins or ends; it is kept.
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

talk_day as (
    select worker_key, spell_no, occurred_on, coalesce(max(date_diff('day', occurred_on, recorded_on)) > 60, false) as is_backdated
    from core.conversation
    group by worker_key, spell_no, occurred_on
),

gap as (
    select
        worker_key,
        spell_no,
        occurred_on as started_on,
        lead(occurred_on) over (partition by worker_key, spell_no order by occurred_on) as next_on,
        is_backdated or coalesce(lead(is_backdated) over (partition by worker_key, spell_no order by occurred_on), false) as is_backdated
    from talk_day
),

wait as (
    select
        'hire' as kind, 'any' as scope, worker_key, spell_no, cast(null as varchar) as with_key, started_on, ends_on as over_on,
        cast(null as date) as next_on, false as is_backdated
    from core.employment
    union all
    select 'manager_change', 'event', worker_key, spell_no, manager_key, started_on, over_on, null, false
    from under_manager
    union all
    select 'gap', 'event', g.worker_key, g.spell_no, null, g.started_on, e.ends_on, g.next_on, g.is_backdated
    from gap as g
    inner join core.employment as e on g.worker_key = e.worker_key and g.spell_no = e.spell_no
),

watched as (
    select
        w.kind,
        w.worker_key,
        w.spell_no,
        w.with_key,
        w.started_on,
        w.next_on,
        w.is_backdated,
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
    where w.kind <> 'gap'
    group by w.kind, w.worker_key, w.spell_no, w.started_on
)

select
    w.kind,
    w.worker_key,
    w.started_on,
    w.over_on,
    coalesce(f.talked_on, case when w.next_on < w.over_on then w.next_on end) as talked_on,
    w.is_covered,
    w.is_backdated,
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
