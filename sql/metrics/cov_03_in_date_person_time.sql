-- COV-03 Time spent in date
-- family: Coverage
-- label: Time in date
-- question: How much of the year were people in rhythm, leavers included?
-- definition: Share of all days worked in the past year on which the last career conversation was at most 183 days ago. It includes people who have left, so it does not flatter by losing them.
-- numerator: Person-days within 183 days after a conversation
-- denominator: Person-days from the 90th day of employment on that a source covers
-- window: Past 365 days
-- exclusions: Days that no source covers leave both sides.
-- unit: share
-- better: higher
-- interval: people
-- source: Parley
-- version: 1
select
    d.as_of,
    f.cut,
    f.group_key,
    f.second_key,
    '' as band,
    cast(sum(f.in_date_days) as double) as numerator,
    cast(sum(f.at_risk_days) as double) as denominator,
    cast(floor(sum(f.at_risk_days) / 365.0) as bigint) as people,
    cast(floor(sum(f.at_risk_unknown_days) / 365.0) as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.flow as f
inner join raw.reporting_date as d on f.point_on <= d.as_of and f.point_on > d.year_before
group by d.as_of, f.cut, f.group_key, f.second_key
