-- Kaplan-Meier median of the waiting times with its 95 % interval (Brookmeyer and Crowley 1982, log-log scale), for every
-- published cut. Grain: one row per kind, reporting day, cut and group. Waits that began in the window (one year for a change
-- of manager, two for a hire) count; a wait still open on the reporting day, or ended by exit or the next manager, is censored.
with observed as (
    select
        w.kind,
        d.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        w.worker_key,
        w.is_covered,
        date_diff('day', w.started_on, least(coalesce(w.talked_on, d.as_of), d.as_of, w.over_on - 1)) as waited_days,
        coalesce(w.talked_on <= d.as_of, false) as is_talked
    from core.waiting_time as w
    inner join raw.reporting_date as d
        on w.started_on <= d.as_of and w.started_on > case w.kind when 'hire' then d.two_years_before else d.year_before end
    inner join core.place_cell as c on w.place_key = c.place_key
    inner join core.group_at as g on d.as_of = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
),

size as (
    select
        kind, as_of, cut, group_key, second_key,
        sum(case when is_covered then 1 else 0 end) as waits,
        count(distinct case when is_covered then worker_key end) as people,
        sum(case when is_covered then 0 else 1 end) as unknown
    from observed
    group by kind, as_of, cut, group_key, second_key
),

day as (
    select
        kind, as_of, cut, group_key, second_key, waited_days,
        sum(case when is_talked then 1 else 0 end) as talked,
        sum(count(*)) over (
            partition by kind, as_of, cut, group_key, second_key order by waited_days desc rows between unbounded preceding and current row
        ) as at_risk
    from observed
    where is_covered
    group by kind, as_of, cut, group_key, second_key, waited_days
),

curve as (
    select
        kind, as_of, cut, group_key, second_key, waited_days,
        max(case when talked = at_risk then 1 else 0 end) over past as is_exhausted,
        sum(case when talked < at_risk then ln(1.0 - talked / cast(at_risk as double)) else 0.0 end) over past as log_survival,
        sum(case when talked < at_risk then talked / (cast(at_risk as double) * (at_risk - talked)) else 0.0 end) over past as variance
    from day
    window past as (
        partition by kind, as_of, cut, group_key, second_key order by waited_days rows between unbounded preceding and current row
    )
),

banded as (
    select
        curve.*,
        case when is_exhausted = 1 then 0.0 else exp(log_survival) end as survival,
        case when is_exhausted = 1 then 0.0 when log_survival = 0 then 1.0
            else exp(log_survival * exp(-1.959963984540054 * sqrt(variance) / abs(log_survival))) end as survival_high,
        case when is_exhausted = 1 then 0.0 when log_survival = 0 then 1.0
            else exp(log_survival * exp(1.959963984540054 * sqrt(variance) / abs(log_survival))) end as survival_low
    from curve
)

-- A sum of logarithms misses one half by the last digit, which would put the median one wait too late.
select
    s.kind, s.as_of, s.cut, s.group_key, s.second_key, s.waits, s.people, s.unknown,
    min(case when b.survival <= 0.500000000001 then b.waited_days end) as median_days,
    min(case when b.survival_low <= 0.500000000001 then b.waited_days end) as low_days,
    min(case when b.survival_high <= 0.500000000001 then b.waited_days end) as high_days
from size as s
left join banded as b
    on s.kind = b.kind and s.as_of = b.as_of and s.cut = b.cut and s.group_key = b.group_key and s.second_key = b.second_key
group by s.kind, s.as_of, s.cut, s.group_key, s.second_key, s.waits, s.people, s.unknown
