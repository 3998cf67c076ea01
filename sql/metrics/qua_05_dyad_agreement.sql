-- QUA-05 Agreement of both sides
-- family: Quality and follow-through
-- label: Both sides agree
-- question: Do both remember the same?
-- definition: How far employees and their managers agree, beyond chance, on whether they had a career conversation in the past six months: Cohen's kappa, 1 for full agreement, 0 for chance.
-- numerator: Agreement observed minus agreement by chance
-- denominator: Pairs of employee and line manager who both answered yes or no; kappa is the part of what chance leaves open
-- window: The last survey of which both sides had closed by the date, by the organisation as it was when the employees' closed
-- exclusions: Pairs of whom one side only answered are dropped and counted, as the share not known; they never withhold the figure. Anonymous answers have no pair. Where all say the same there is no kappa; where all agree, no interval. Managers' answers count for those they led on that day.
-- unit: kappa
-- better: higher
-- interval: given
-- source: Cohen 1960; Fleiss, Cohen and Everitt 1969; Penna 57 and 50 %
-- version: 1
with finished as (
    select closed_on, max(known_on) as known_on
    from core.dyad_answer
    where employee_said is not null and manager_said is not null
    group by closed_on
),

last_asked as (
    select d.as_of, max(f.closed_on) as closed_on
    from finished as f
    inner join raw.reporting_date as d on f.known_on <= d.as_of
    group by d.as_of
),

counted as (
    select
        closed_on,
        place_key,
        sum(case when employee_said = 1 and manager_said = 1 then 1 else 0 end) as yes_yes,
        sum(case when employee_said = 1 and manager_said = 0 then 1 else 0 end) as yes_no,
        sum(case when employee_said = 0 and manager_said = 1 then 1 else 0 end) as no_yes,
        sum(case when employee_said = 0 and manager_said = 0 then 1 else 0 end) as no_no,
        sum(case when employee_said is null or manager_said is null then 1 else 0 end) as one_sided
    from core.dyad_answer
    group by closed_on, place_key
),

summed as (
    select
        w.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        cast(sum(n.yes_yes) as double) as a,
        cast(sum(n.yes_no) as double) as b,
        cast(sum(n.no_yes) as double) as c,
        cast(sum(n.no_no) as double) as d,
        cast(sum(n.yes_yes + n.yes_no + n.no_yes + n.no_no) as double) as pairs,
        cast(sum(n.one_sided) as bigint) as one_sided
    from counted as n
    inner join last_asked as w on n.closed_on = w.closed_on
    inner join core.place_cell as c on n.place_key = c.place_key
    inner join core.wave_group as g on n.closed_on = g.closed_on and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
    group by w.as_of, c.cut, g.group_key, c.second_key
),

chance as (
    select
        s.*,
        (a + d) / pairs as observed,
        ((a + b) * (a + c) + (c + d) * (b + d)) / (pairs * pairs) as expected
    from summed as s
    where pairs > 0
),

agreed as (
    select
        as_of, cut, group_key, second_key, pairs, a, b, c, d, expected,
        -- Whole numbers tell whether all say the same: a rounded chance agreement might miss 1.
        case when (a + b) * (a + c) + (c + d) * (b + d) < pairs * pairs then (observed - expected) / (1 - expected) end as kappa
    from chance
),

spread as (
    select
        as_of, cut, group_key, second_key, kappa,
        case
            when b + c > 0
                then 1.959963984540054 * sqrt(greatest(
                    a / pairs * (1 - (a + b + a + c) / pairs * (1 - kappa)) * (1 - (a + b + a + c) / pairs * (1 - kappa))
                    + d / pairs * (1 - (c + d + b + d) / pairs * (1 - kappa)) * (1 - (c + d + b + d) / pairs * (1 - kappa))
                    + (1 - kappa) * (1 - kappa)
                    * (b / pairs * (a + c + c + d) * (a + c + c + d) + c / pairs * (b + d + a + b) * (b + d + a + b)) / (pairs * pairs)
                    - (kappa - expected * (1 - kappa)) * (kappa - expected * (1 - kappa)),
                    0.0
                ) / pairs) / (1 - expected)
        end as half_width
    from agreed
    where kappa is not null
)

select
    s.as_of,
    s.cut,
    s.group_key,
    s.second_key,
    '' as band,
    cast(null as double) as numerator,
    s.pairs as denominator,
    cast(s.pairs as bigint) as people,
    s.one_sided as unknown,
    k.kappa as value,
    case when k.kappa - k.half_width < -1 then -1.0 else k.kappa - k.half_width end as lo,
    case when k.kappa + k.half_width > 1 then 1.0 else k.kappa + k.half_width end as hi,
    '' as note
from summed as s
left join spread as k on s.as_of = k.as_of and s.cut = k.cut and s.group_key = k.group_key and s.second_key = k.second_key
