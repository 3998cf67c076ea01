-- RCY-02 Median months since the last career conversation
-- family: Recency
-- label: Median months since last
-- question: How long ago is it for the person in the middle?
-- definition: Half of the people had their last career conversation more recently than this, half longer ago or not at all.
-- numerator: Median of months since the last conversation; none on record counts as longer than any
-- denominator: Eligible people whose standing is known
-- window: The current spell up to the date
-- exclusions: People whose sources do not cover the time in question are unknown: they leave both sides and are published as a share. Where more than half have none on record there is no median to give. The interval is that of order statistics.
-- unit: months
-- better: lower
-- interval: given
-- source: Parley; order-statistic interval after Conover, Practical Nonparametric Statistics
-- version: 1
with member as (
    select
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
