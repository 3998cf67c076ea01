-- Days on which a person had been on leave for more than half of the past 183 days: they leave the eligible population EL. A day of
-- leave enters the window on that day and drops out 183 days later, so between such turns the days of leave in the window rise or
-- fall by one a day, and the day they reach or leave 92 follows. Grain: one row per worker and half-open span; spans may touch.
with leave as (
    select a.worker_key, a.valid_from, least(a.valid_to, run.horizon) as valid_to
    from core.absence as a
    inner join raw.run as run on a.valid_from < run.horizon
),

step as (
    select worker_key, valid_from as on_day, 1 as slope from leave
    union all
    select worker_key, valid_to, -1 from leave
    union all
    select worker_key, valid_from + 183, -1 from leave
    union all
    select worker_key, valid_to + 183, 1 from leave
),

turn as (
    select worker_key, on_day, sum(slope) as change
    from step
    group by worker_key, on_day
),

stretch as (
    select
        worker_key,
        on_day as valid_from,
        lead(on_day) over (partition by worker_key order by on_day) as valid_to,
        sum(change) over (partition by worker_key order by on_day rows between unbounded preceding and current row) as slope
    from turn
),

filled as (
    select
        stretch.*,
        cast(coalesce(sum(slope * date_diff('day', valid_from, valid_to)) over (
            partition by worker_key order by valid_from rows between unbounded preceding and 1 preceding
        ), 0) as integer) as leave_days
    from stretch
),

span as (
    select
        worker_key,
        case when slope > 0 then valid_from + greatest(0, 91 - leave_days) else valid_from end as valid_from,
        case when slope < 0 then least(valid_to, valid_from + (leave_days - 92)) else valid_to end as valid_to
    from filled
    where slope > 0 or leave_days >= 92
)

select worker_key, valid_from, valid_to
from span
where valid_from < valid_to
