-- OUT-05 Internal mobility rate
-- family: Outcomes
-- label: Moved inside in a year
-- question: How many people move on without leaving?
-- definition: People with at least one promotion, demotion, lateral move or change of unit in the past 365 days over the mean of the daily head-counts.
-- numerator: People with one or more moves inside their employment, by where they came to
-- denominator: Mean of the daily head-counts (heads, not full-time equivalents; people on leave included, contractors not)
-- window: Past 365 days
-- exclusions: Changes of title alone, of manager alone, and corrections. Where 20 or more people change into one unit on one day that is a reorganisation and counts for none of them, unless they rise or fall with it.
-- unit: rate
-- better: neither
-- interval: counts
-- source: Usual practice: employees with a mobility event over average head-count
-- version: 1
with headcount as (
    select d.as_of, f.cut, f.group_key, f.second_key, sum(f.employed_days) / 365.0 as people
    from core.flow as f
    inner join raw.reporting_date as d on f.point_on <= d.as_of and f.point_on > d.year_before
    group by d.as_of, f.cut, f.group_key, f.second_key
)

select
    h.as_of,
    h.cut,
    h.group_key,
    h.second_key,
    '' as band,
    cast(coalesce(m.moved, 0) as double) as numerator,
    cast(h.people as double) as denominator,
    cast(floor(h.people) as bigint) as people,
    cast(0 as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from headcount as h
left join core.move_census as m
    on h.as_of = m.as_of and h.cut = m.cut and h.group_key = m.group_key and h.second_key = m.second_key
