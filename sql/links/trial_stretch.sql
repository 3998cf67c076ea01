-- People at risk in the months of the emulated trials, with their state on the eve of each month: eligible, not on notice, and known when they had
-- last had a career conversation. Grain: one row per worker, spell and stretch of months in which nothing of that changes. `talk_month` is the month of the
-- last conversation (null: none on record in this employment), `last_on` its day and `next_on` that of the next one. `notice_month` is when
-- people gave notice, or were last employed where that is not known, of those that did within the months looked at. `opportunity` says whether
-- the nearest unit above that tells of internal openings had many or few; it and the division are those at the first point of the flow calendar after the stretch began.
with numbered as (
    select
        e.worker_key,
        e.spell_no,
        e.org_unit_key,
        coalesce(e.manager_key, e.org_unit_key) as cluster_key,
        e.career_stage,
        e.state,
        e.last_on,
        e.covered_from,
        greatest(e.valid_from, run.calendar_from) as placed_on,
        extract(year from e.started_on) * 12 + extract(month from e.started_on) as hire_month,
        case
            when e.covered_from <= e.started_on then e.valid_from
            else greatest(e.valid_from, e.covered_from + p.washout_days)
        end as known_from,
        e.valid_to
    from core.episode as e
    cross join raw.run as run
    cross join raw.trial_protocol as p
    where e.is_eligible and e.state <> 'unknown'
),

looked_at as (
    select min(month_no) as from_month, max(month_no) as to_month
    from links.trial_month
),

monthly as (
    select
        n.*,
        w.to_month,
        greatest(extract(year from n.known_from) * 12 + extract(month from n.known_from) + 1, w.from_month) as begin_month,
        least(extract(year from n.valid_to) * 12 + extract(month from n.valid_to), w.to_month) as end_month
    from numbered as n
    cross join looked_at as w
),

noticed as (
    select *
    from links.notice
    where ended_on is not null
),

talked_on as (
    select distinct worker_key, spell_no, occurred_on
    from core.clock_reset
),

following as (
    select worker_key, spell_no, occurred_on, lead(occurred_on) over (partition by worker_key, spell_no order by occurred_on) as next_on
    from talked_on
    union all
    select worker_key, spell_no, date '1900-01-01', min(occurred_on)
    from talked_on
    group by worker_key, spell_no
),

told as (
    select
        a.on_day, a.descendant_key, o.openings,
        row_number() over (partition by a.on_day, a.descendant_key order by a.depth, a.ancestor_key) as from_bottom
    from core.org_at as a
    inner join core.opening as o on a.ancestor_key = o.org_unit_key and a.on_day >= o.valid_from and a.on_day < coalesce(o.valid_to, date '9999-12-31')
)

select
    m.worker_key,
    m.spell_no,
    m.cluster_key,
    coalesce(u.division_key, m.org_unit_key) as division_key,
    coalesce(t.openings, 'unknown') as opportunity,
    m.career_stage,
    m.hire_month,
    -- What was before recording began is longer ago than anything that is told apart.
    case
        when m.state = 'known' then extract(year from m.last_on) * 12 + extract(month from m.last_on)
        when m.state = 'at_least' then extract(year from m.covered_from) * 12 + extract(month from m.covered_from) - 1
    end as talk_month,
    m.last_on,
    f.next_on,
    c.valid_to as covered_to,
    m.begin_month as first_month,
    least(m.end_month, coalesce(n.notice_month, m.end_month)) as last_month,
    case when n.notice_month <= m.to_month then n.notice_month end as notice_month,
    case when n.notice_month <= m.to_month then n.exit_type end as exit_type
from monthly as m
left join noticed as n on m.worker_key = n.worker_key and m.spell_no = n.spell_no
left join following as f on m.worker_key = f.worker_key and m.spell_no = f.spell_no and coalesce(m.last_on, date '1900-01-01') = f.occurred_on
left join core.capture_span as c
    on c.scope = 'any' and m.worker_key = c.worker_key and m.spell_no = c.spell_no and m.covered_from = c.valid_from
left join raw.calendar as k on m.placed_on = k.on_day
left join raw.flow_point as p on k.point_no = p.point_no
left join core.division_at as u on p.point_on = u.on_day and m.org_unit_key = u.org_unit_key
left join told as t on p.point_on = t.on_day and m.org_unit_key = t.descendant_key and t.from_bottom = 1
where m.begin_month <= m.end_month and (n.notice_month is null or n.notice_month >= m.begin_month)
