-- Person-months and events by cluster, of one chunk of workers after the other. Grain: one row per chunk, clock, exposure, lag, level, pattern (links.placing),
-- calendar year, cluster and band of months by the clock, named by its first month. Promotions have the person as well: they recur.
with band as (
    select 0 as first_month, 2 as last_month
    union all
    select 3, 5
    union all
    select 6, 11
    union all
    select 12, 17
    union all
    select 18, 23
    union all
    select 24, 35
    union all
    select 36, 59
    union all
    select 60, 119
    union all
    select 120, 200000
)

select
    x.clock,
    x.exposure,
    x.lag_months,
    x.level,
    x.pattern_no,
    x.year_no,
    x.cluster_no,
    case when x.clock = 'promotion' then x.worker_no end as worker_no,
    b.first_month as clock_month,
    sum(least(x.stayed_until, b.last_month) - greatest(x.entered, b.first_month) + 1) as at_risk,
    sum(case when x.event = 'voluntary' and x.stayed_until <= b.last_month then 1 else 0 end) as voluntary,
    sum(case when x.event = 'involuntary' and x.stayed_until <= b.last_month then 1 else 0 end) as involuntary,
    sum(case when x.event = 'other' and x.stayed_until <= b.last_month then 1 else 0 end) as other,
    sum(case when x.event = 'promotion' and x.stayed_until <= b.last_month then 1 else 0 end) as promotion
from links.exposed as x
inner join band as b on x.entered <= b.last_month and x.stayed_until >= b.first_month
where x.worker_no >= (select min(from_no) from links.worker_chunk) and x.worker_no < (select max(to_no) from links.worker_chunk)
group by
    x.clock, x.exposure, x.lag_months, x.level, x.pattern_no, x.year_no, x.cluster_no,
    case when x.clock = 'promotion' then x.worker_no end, b.first_month
