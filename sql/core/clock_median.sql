-- Medians of two clocks, time since the last conversation and time since the last one with the present manager, with their 95 %
-- interval by order statistics. Grain: one row per clock, reporting day, cut and group. None on record is longer than any time; so
-- is what is only known to be longer than 18 months, which can make a median above 18 months too long but never too short.
with member as (
    select
        'any' as clock,
        d.as_of,
        s.org_unit_key,
        s.manager_key,
        s.career_stage,
        s.tenure_band,
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
        m.org_unit_key,
        m.manager_key,
        m.career_stage,
        m.tenure_band,
        case when m.covered_from <= m.clock_on then date_diff('day', m.clock_on, d.as_of) end as days
    from core.manager_clock as m
    inner join raw.reporting_date as d on m.valid_from <= d.as_of and m.valid_to > d.as_of
),

placed as (
    select
        m.clock,
        m.as_of,
        c.cut,
        case c.cut
            when 'company' then 'company'
            when 'manager' then m.manager_key
            when 'career_stage' then m.career_stage
            when 'tenure_band' then m.tenure_band
            else o.ancestor_key
        end as group_key,
        case when c.cut = 'org_unit_career_stage' then m.career_stage else '' end as second_key,
        m.days
    from member as m
    cross join raw.cut as c
    left join core.org_at as o on c.is_by_unit and m.as_of = o.on_day and m.org_unit_key = o.descendant_key
),

ranked as (
    select
        placed.*,
        row_number() over (partition by clock, as_of, cut, group_key, second_key order by days nulls last) as place,
        count(days) over (partition by clock, as_of, cut, group_key, second_key) as known
    from placed
    where group_key is not null
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
