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
with spread as (
    select
        c.*,
        reports / cast(managers as double) as mean_reports,
        case
            when managers > 1
                then 1.959963984540054 * sqrt((managers * squares - reports * reports) / (cast(managers as double) * managers * (managers - 1)))
        end as half_width
    from core.manager_census as c
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
