-- By how many the people at risk in a state become more (or fewer) in a month, and what happens to them in it, of one chunk of workers after the other.
-- Grain: one row per chunk, clock, exposure, level, pattern (links.placing), calendar year and month by the clock.
with stay as (
    select
        clock, exposure, level, pattern_no, year_no, entered, stayed_until, count(*) as people,
        sum(case when event = 'voluntary' then 1 else 0 end) as voluntary,
        sum(case when event = 'involuntary' then 1 else 0 end) as involuntary,
        sum(case when event = 'other' then 1 else 0 end) as other,
        sum(case when event = 'promotion' then 1 else 0 end) as promotion
    from links.exposed
    where lag_months = 0
        and worker_no >= (select min(from_no) from links.worker_chunk) and worker_no < (select max(to_no) from links.worker_chunk)
    group by clock, exposure, level, pattern_no, year_no, entered, stayed_until
),

turn as (
    select
        clock, exposure, level, pattern_no, year_no, entered as clock_month, people as change, 0 as voluntary, 0 as involuntary, 0 as other, 0 as promotion
    from stay
    union all
    select clock, exposure, level, pattern_no, year_no, stayed_until, 0, voluntary, involuntary, other, promotion
    from stay
    where voluntary + involuntary + other + promotion > 0
    union all
    select clock, exposure, level, pattern_no, year_no, stayed_until + 1, -people, 0, 0, 0, 0
    from stay
)

select
    clock,
    exposure,
    level,
    pattern_no,
    year_no,
    clock_month,
    sum(change) as change,
    sum(voluntary) as voluntary,
    sum(involuntary) as involuntary,
    sum(other) as other,
    sum(promotion) as promotion
from turn
group by clock, exposure, level, pattern_no, year_no, clock_month
having sum(change) <> 0 or sum(voluntary + involuntary + other + promotion) > 0
