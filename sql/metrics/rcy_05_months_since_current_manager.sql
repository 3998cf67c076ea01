-- RCY-05 Months since the last one with the current manager
-- family: Recency
-- label: With current manager
-- question: Is the manager on board?
-- definition: Median months since the last career conversation with the present line manager; where there has been none yet, months since that manager took over.
-- numerator: Median of months since then
-- denominator: Employed people with a line manager, covered since that day
-- window: Since the present manager took over
-- exclusions: People without a line manager; people whose records began after the day in question, or say only when and not with whom, are unknown.
-- unit: months
-- better: lower
-- interval: given
-- source: Parley: at some point the manager must be on board
-- version: 1
with member as (
    select
        d.as_of,
        s.org_unit_key,
        s.manager_key,
        s.career_stage,
        s.tenure_band,
        case when s.covered_from <= s.clock_on then date_diff('day', s.clock_on, d.as_of) end as days
    from core.manager_clock as s
    inner join raw.reporting_date as d on s.valid_from <= d.as_of and s.valid_to > d.as_of
),

placed as (
    select
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
        row_number() over (partition by as_of, cut, group_key, second_key order by days nulls last) as place,
        count(days) over (partition by as_of, cut, group_key, second_key) as known
    from placed
    where group_key is not null
),

picked as (
    select
        as_of, cut, group_key, second_key, known,
        count(*) - known as unknown,
        avg(case when place in (floor((known + 1) / 2.0), ceil((known + 1) / 2.0)) and place <= known then days end) as median_days,
        max(case when place = greatest(1, floor(known / 2.0 - 0.98 * sqrt(known))) and place <= known then days end) as low_days,
        max(case when place = least(known, ceil(known / 2.0 + 1 + 0.98 * sqrt(known))) and place <= known then days end) as high_days
    from ranked
    group by as_of, cut, group_key, second_key, known
)

select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(null as double) as numerator,
    cast(known as double) as denominator,
    cast(known as bigint) as people,
    cast(unknown as bigint) as unknown,
    case when median_days < 400000 then median_days / 30.4375 end as value,
    case when low_days < 400000 then low_days / 30.4375 end as lo,
    case when high_days < 400000 then high_days / 30.4375 end as hi,
    case when median_days >= 400000 then 'over_tenure' else '' end as note
from picked
