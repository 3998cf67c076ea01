-- OUT-04 Promotion rate
-- family: Outcomes
-- label: Promoted in a year
-- question: How many people rise?
-- definition: People whose grade rose at least once in the past 365 days over the mean of the daily head-counts.
-- numerator: People with one or more moves to a higher grade inside their employment, by where they were then
-- denominator: Mean of the daily head-counts of people whose grade has a rank
-- window: Past 365 days
-- exclusions: Titles say nothing. Time in a job whose grade has no rank leaves both sides and is published as a share; a first or a new employment is no promotion, nor is a correction.
-- unit: rate
-- better: neither
-- interval: counts
-- source: Usual practice: moves to a higher level over average head-count
-- version: 1
with headcount as (
    select
        d.as_of,
        f.cut,
        f.group_key,
        f.second_key,
        sum(f.graded_days) / 365.0 as people,
        sum(f.employed_days - f.graded_days) / 365.0 as without_rank
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
    cast(coalesce(m.promoted, 0) as double) as numerator,
    cast(h.people as double) as denominator,
    cast(floor(h.people) as bigint) as people,
    cast(floor(h.without_rank) as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from headcount as h
left join core.move_census as m
    on h.as_of = m.as_of and h.cut = m.cut and h.group_key = m.group_key and h.second_key = m.second_key
