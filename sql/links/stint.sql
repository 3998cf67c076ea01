-- Employments with numbers in place of keys, in months numbered from the year 0 on (12 to a year). Grain: one row per worker and spell.
-- `hire_month` is the first that began after the day of the hire: month 0 of tenure. `last_month` is the last in which they are at risk: that of notice (of
-- the last day employed where notice is not known), or the last that is over. `event` is how that month ended, where they gave notice in it.
with window_end as (
    select extract(year from horizon) * 12 + extract(month from horizon) - 1 as over_month
    from raw.run
)

select
    cast(dense_rank() over (order by e.worker_key) as integer) as worker_no,
    e.worker_key,
    e.spell_no,
    e.started_on,
    cast(extract(year from e.started_on) * 12 + extract(month from e.started_on) + 1 as integer) as hire_month,
    cast(least(coalesce(n.notice_month, w.over_month), w.over_month) as integer) as last_month,
    case
        when n.notice_month > w.over_month or n.notice_month is null then null
        when n.exit_type = 'exit_voluntary' then 'voluntary'
        when n.exit_type = 'exit_involuntary' then 'involuntary'
        else 'other'
    end as event
from core.employment as e
left join links.notice as n on e.worker_key = n.worker_key and e.spell_no = n.spell_no
cross join window_end as w
