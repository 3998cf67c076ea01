-- CAD-01 Conversations a year, per person
-- family: Cadence
-- label: Talks a year, per person
-- question: A few times a year, or once?
-- definition: Held career conversations per year of employment.
-- numerator: Conversations in the past 365 days, on days that a source covers
-- denominator: Years of employment in the past 365 days that a source covers
-- window: Past 365 days
-- exclusions: Sources that keep only a last date count no conversations; days that no source covers leave both sides.
-- unit: per_year
-- better: neither
-- interval: counts
-- source: Parley: a few times a year, and not once
-- version: 1
with years as (
    select d.as_of, f.cut, f.group_key, f.second_key, sum(f.event_days) as event_days, sum(f.employed_days) as employed_days
    from core.flow as f
    inner join raw.reporting_date as d on f.point_on <= d.as_of and f.point_on > d.year_before
    group by d.as_of, f.cut, f.group_key, f.second_key
)

select
    y.as_of,
    y.cut,
    y.group_key,
    y.second_key,
    '' as band,
    cast(coalesce(t.covered_conversations, 0) as double) as numerator,
    y.event_days / 365.25 as denominator,
    cast(floor(y.event_days / 365.0) as bigint) as people,
    cast(floor((y.employed_days - y.event_days) / 365.25) as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from years as y
left join core.talk_census as t
    on y.as_of = t.as_of and y.cut = t.cut and y.group_key = t.group_key and y.second_key = t.second_key
