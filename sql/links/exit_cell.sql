-- People at risk of leaving, by whether they had talked: who is eligible on the first of a month and has not given notice before it is at risk in it.
-- Grain: one row per status, division, cluster, month of hire, and stretch of months from the first to the last (numbered as in
-- links.exit_window) with how it ends. The key of nobody at risk is in it, but a row may be one person. `status` is that of 60 days before each month began:
-- who is about to leave stops talking. A month of tenure is the month less `hire_month`. `exit_type` is set where people
-- gave notice in the last month; the last day employed stands for a day of notice that is not known. `cluster_key` is
-- the manager, or the unit where there is none; the division is that at the first point of the flow calendar after the stretch began.
with numbered as (
    select
        e.worker_key,
        e.spell_no,
        e.org_unit_key,
        coalesce(e.manager_key, e.org_unit_key) as cluster_key,
        greatest(e.valid_from, run.calendar_from) as placed_on,
        extract(year from e.started_on - 1) * 12 + extract(month from e.started_on - 1) + 1 as hire_month,
        extract(year from e.valid_from - 1) * 12 + extract(month from e.valid_from - 1) + 1 as first_month,
        extract(year from e.valid_to - 1) * 12 + extract(month from e.valid_to - 1) as last_month
    from core.episode as e
    cross join raw.run as run
    where e.is_eligible
),

reported as (
    select min(first_month) as first_month
    from links.exit_window
),

eligible as (
    select n.*
    from numbered as n
    inner join reported as r on n.last_month >= r.first_month
    where n.first_month <= n.last_month
),

exposed as (
    select
        worker_key,
        spell_no,
        status,
        extract(year from valid_from + 59) * 12 + extract(month from valid_from + 59) + 1 as first_month,
        extract(year from valid_to + 59) * 12 + extract(month from valid_to + 59) as last_month
    from links.exposure
),

noticed as (
    select n.*
    from links.notice as n
    cross join raw.run as run
    where n.noticed_on <= run.as_of
),

risk as (
    select
        x.status,
        e.org_unit_key,
        e.cluster_key,
        e.placed_on,
        e.hire_month,
        greatest(e.first_month, x.first_month) as first_month,
        least(e.last_month, x.last_month, coalesce(n.notice_month, e.last_month)) as last_month,
        case when n.notice_month <= least(e.last_month, x.last_month) then n.exit_type end as exit_type
    from eligible as e
    inner join exposed as x
        on e.worker_key = x.worker_key and e.spell_no = x.spell_no and e.first_month <= x.last_month and e.last_month >= x.first_month
    left join noticed as n on e.worker_key = n.worker_key and e.spell_no = n.spell_no
    where n.notice_month is null or n.notice_month >= greatest(e.first_month, x.first_month)
)

select
    r.status,
    coalesce(u.division_key, r.org_unit_key) as division_key,
    r.cluster_key,
    r.hire_month,
    r.first_month,
    r.last_month,
    r.exit_type,
    count(*) as people
from risk as r
inner join raw.calendar as k on r.placed_on = k.on_day
left join raw.flow_point as p on k.point_no = p.point_no
left join core.division_at as u on p.point_on = u.on_day and r.org_unit_key = u.org_unit_key
group by r.status, coalesce(u.division_key, r.org_unit_key), r.cluster_key, r.hire_month, r.first_month, r.last_month, r.exit_type
