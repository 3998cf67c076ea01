-- Kaplan-Meier median of the waiting times with its 95 % interval (Brookmeyer and Crowley 1982, log-log scale), for every
-- published cut. Grain: one row per kind, reporting day, cut and group. Waits that began in the window (one year for a change
-- of manager, two for a hire or a gap) count; a wait still open on the reporting day, or ended by exit or the next manager, is censored.
with observed as (
    select
        w.kind,
        d.as_of,
        w.place_key,
        w.worker_key,
        w.is_covered,
        date_diff('day', w.started_on, least(coalesce(w.talked_on, d.as_of), d.as_of, w.over_on - 1)) as waited_days,
        coalesce(w.talked_on <= d.as_of, false) as is_talked
    from core.waiting_time as w
    inner join raw.reporting_date as d
        on w.started_on <= d.as_of and w.started_on > case w.kind when 'manager_change' then d.year_before else d.two_years_before end
),

here as (
    select
        kind, as_of, place_key, worker_key,
        sum(case when is_covered then 1 else 0 end) as waits,
        sum(case when is_covered then 0 else 1 end) as unknown
    from observed
    group by kind, as_of, place_key, worker_key
),

person as (
    select h.kind, h.as_of, c.cut, g.group_key, c.second_key, h.worker_key, sum(h.waits) as waits, sum(h.unknown) as unknown
    from here as h
    inner join core.place_cell as c on h.place_key = c.place_key
    inner join core.group_at as g on h.as_of = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
    group by h.kind, h.as_of, c.cut, g.group_key, c.second_key, h.worker_key
),

size as (
    select
        kind, as_of, cut, group_key, second_key,
        sum(waits) as waits,
        sum(case when waits > 0 then 1 else 0 end) as people,
        sum(unknown) as unknown,
        -- A number in place of five keys: what follows sorts every day of every curve.
        row_number() over (order by kind, as_of, cut, group_key, second_key) as curve_no
    from person
    group by kind, as_of, cut, group_key, second_key
),

day as (
    select
        o.kind, o.as_of, c.cut, g.group_key, c.second_key, o.waited_days,
        count(*) as ended,
        sum(case when o.is_talked then 1 else 0 end) as talked
    from observed as o
    inner join core.place_cell as c on o.place_key = c.place_key
    inner join core.group_at as g on o.as_of = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
    where o.is_covered
    group by o.kind, o.as_of, c.cut, g.group_key, c.second_key, o.waited_days
),

risk as (
    select
        s.curve_no,
        d.waited_days,
        d.talked,
        s.waits + d.ended - sum(d.ended) over (
            partition by s.curve_no order by d.waited_days rows between unbounded preceding and current row
        ) as at_risk
    from day as d
    inner join size as s
        on d.kind = s.kind and d.as_of = s.as_of and d.cut = s.cut and d.group_key = s.group_key and d.second_key = s.second_key
),

curve as (
    select
        curve_no, waited_days,
        max(case when talked = at_risk then 1 else 0 end) over past as is_exhausted,
        sum(case when talked < at_risk then ln(1.0 - talked / cast(at_risk as double)) else 0.0 end) over past as log_survival,
        sum(case when talked < at_risk then talked / (cast(at_risk as double) * (at_risk - talked)) else 0.0 end) over past as variance
    from risk
    where talked > 0
    window past as (partition by curve_no order by waited_days rows between unbounded preceding and current row)
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
),

-- A sum of logarithms misses one half by the last digit, which would put the median one wait too late.
reached as (
    select
        curve_no,
        min(case when survival <= 0.500000000001 then waited_days end) as median_days,
        min(case when survival_low <= 0.500000000001 then waited_days end) as low_days,
        min(case when survival_high <= 0.500000000001 then waited_days end) as high_days
    from banded
    group by curve_no
)

select s.kind, s.as_of, s.cut, s.group_key, s.second_key, s.waits, s.people, s.unknown, r.median_days, r.low_days, r.high_days
from size as s
left join reached as r on s.curve_no = r.curve_no
