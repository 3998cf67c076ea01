-- MGR-01 Span of control
-- family: Manager health
-- label: Direct reports per manager
-- question: How many people does a manager have to talk with?
-- definition: Mean number of direct reports of the managers in the group.
-- numerator: Direct reports employed on the date
-- denominator: Managers employed on the date with at least one
-- window: On the date
-- exclusions: Lines to a manager who is not employed, or to oneself, are counted by DQ-04 and not here. Managers count where they stand themselves. The interval is that of a mean, by the normal approximation.
-- unit: rate
-- better: neither
-- interval: given
-- source: Convention
-- version: 1
with placed as (
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
        m.reports
    from core.manager_standing as m
    cross join raw.cut as c
    left join core.org_at as o on c.is_by_unit and m.as_of = o.on_day and m.org_unit_key = o.descendant_key
),

summed as (
    select
        as_of, cut, group_key, second_key,
        sum(reports) as reports,
        count(*) as managers,
        sum(reports) / cast(count(*) as double) as mean_reports,
        sum(reports * reports) as squares
    from placed
    where group_key is not null
    group by as_of, cut, group_key, second_key
),

-- From whole sums: a standard deviation summed in floating point depends on the order of the rows.
spread as (
    select
        summed.*,
        case
            when managers > 1
                then 1.959963984540054 * sqrt((managers * squares - reports * reports) / (cast(managers as double) * managers * (managers - 1)))
        end as half_width
    from summed
)

select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(reports as double) as numerator,
    cast(managers as double) as denominator,
    cast(managers as bigint) as people,
    cast(0 as bigint) as unknown,
    cast(null as double) as value,
    case when half_width > mean_reports then 0.0 else mean_reports - half_width end as lo,
    mean_reports + half_width as hi,
    '' as note
from spread
