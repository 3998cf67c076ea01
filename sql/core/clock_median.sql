-- Medians of two clocks, time since the last conversation and time since the last one with the present manager, with their 95 %
-- interval by order statistics. Grain: one row per clock, reporting day, cut and group. None on record is longer than any time; so
-- is what is only known to be longer than 18 months, which can make a median above 18 months too long but never too short.
with member as (
    select
        'any' as clock,
        d.as_of,
        s.place_key,
        case
            when s.state = 'known' then date_diff('day', s.clock_from, d.as_of)
            when s.state = 'never' or s.recency_from >= 548 then 1000000
        end as days
    from core.standing as s
    inner join raw.reporting_date as d on s.valid_from <= d.as_of and s.valid_to > d.as_of
    where s.is_eligible
    union all
    select
        'manager' as clock,
        d.as_of,
        m.place_key,
        case when m.covered_from <= m.clock_on then date_diff('day', m.clock_on, d.as_of) end as days
    from core.manager_clock as m
    inner join raw.reporting_date as d on m.valid_from <= d.as_of and m.valid_to > d.as_of
),

placed as (
    select
        m.clock,
        m.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        m.days
    from member as m
    inner join core.place_cell as c on m.place_key = c.place_key
    inner join core.group_at as g on m.as_of = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
),

ranked as (
    select
        placed.*,
        row_number() over (partition by clock, as_of, cut, group_key, second_key order by days nulls last) as place,
        count(days) over (partition by clock, as_of, cut, group_key, second_key) as known
    from placed
),

picked as (
    select
        clock, as_of, cut, group_key, second_key, known,
        count(*) - known as unknown,
        avg(case when place in (floor((known + 1) / 2.0), ceil((known + 1) / 2.0)) and place <= known then days end) as median_days,
        max(case when place = greatest(1, floor(known / 2.0 - 0.98 * sqrt(known))) and place <= known then days end) as low_days,
        max(case when place = least(known, ceil(known / 2.0 + 1 + 0.98 * sqrt(known))) and place <= known then days end) as high_days
    from ranked
    group by clock, as_of, cut, group_key, second_key, known
)

select
    clock,
    as_of,
    cut,
    group_key,
    second_key,
    known,
    unknown,
    case when median_days < 400000 then median_days end as median_days,
    case when low_days < 400000 then low_days end as low_days,
    case when high_days < 400000 then high_days end as high_days,
    coalesce(median_days >= 400000, false) as is_beyond
from picked
