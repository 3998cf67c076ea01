-- OUT-01 Voluntary turnover
-- family: Outcomes
-- label: Left by choice
-- question: How many people leave by choice?
-- definition: Voluntary separations in the month over the mean of the daily head-counts; the annual figure is the sum of twelve months.
-- numerator: Voluntary separations, counted on the last day employed
-- denominator: Mean of daily head-counts of the month (heads, not full-time equivalents; people on leave included, contractors not)
-- window: Calendar month; band 'year' is the sum of the past 12
-- exclusions: No annual figure where a month had nobody employed. Exits of unknown kind count as other; the bands 'if unknown by choice' show the rate if all of them had been by choice.
-- unit: rate
-- better: lower
-- interval: counts
-- source: SHRM and BLS conventions
-- version: 1
with headcount as (
    select
        d.as_of,
        d.previous_as_of,
        f.cut,
        f.group_key,
        f.second_key,
        sum(f.employed_days) / cast(date_diff('day', d.previous_as_of, d.as_of) as double) as people
    from core.flow as f
    inner join raw.reporting_date as d on f.point_on <= d.as_of and f.point_on > d.previous_as_of
    where d.is_month_end
    group by d.as_of, d.previous_as_of, f.cut, f.group_key, f.second_key
),

month as (
    select
        h.as_of,
        h.cut,
        h.group_key,
        h.second_key,
        h.people,
        coalesce(s.voluntary, 0) as by_choice,
        coalesce(s.voluntary, 0) + coalesce(s.kind_unknown, 0) as by_choice_at_most
    from headcount as h
    left join core.separation_census as s
        on h.as_of = s.as_of and h.cut = s.cut and h.group_key = s.group_key and h.second_key = s.second_key
    where h.people > 0
),

year as (
    select
        month.*,
        sum(by_choice / people) over past as rate,
        sum(by_choice_at_most / people) over past as rate_at_most,
        avg(people) over past as mean_people,
        count(*) over past as months,
        date_diff('day', min(as_of) over past, as_of) as days_apart
    from month
    window past as (partition by cut, group_key, second_key order by as_of rows between 11 preceding and current row)
),

banded as (
    select as_of, cut, group_key, second_key, '' as band, by_choice / people as rate, people from month
    union all
    select as_of, cut, group_key, second_key, 'if unknown by choice', by_choice_at_most / people, people from month where by_choice_at_most > by_choice
    union all
    select as_of, cut, group_key, second_key, 'year', rate, mean_people from year where months = 12 and days_apart < 350
    union all
    select as_of, cut, group_key, second_key, 'year, if unknown by choice', rate_at_most, mean_people
    from year
    where months = 12 and days_apart < 350 and rate_at_most > rate
)

select
    as_of,
    cut,
    group_key,
    second_key,
    band,
    rate * people as numerator,
    people as denominator,
    cast(floor(people) as bigint) as people,
    cast(0 as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from banded
