-- People at risk in a state and what happened to them: the cells of the estimators. Grain: one row per clock, exposure, level, pattern (links.placing),
-- calendar year and month by the clock (of tenure, or since the last promotion or hire) in which the number at risk changes or something happens.
-- `at_risk` holds from `clock_month` to `until_month`; the events fall in `clock_month`. The sums of links.hazard_change over its chunks.
with total as (
    select
        clock, exposure, level, pattern_no, year_no, clock_month, sum(change) as change, sum(voluntary) as voluntary, sum(involuntary) as involuntary,
        sum(other) as other, sum(promotion) as promotion
    from links.hazard_change
    group by clock, exposure, level, pattern_no, year_no, clock_month
    having sum(change) <> 0 or sum(voluntary + involuntary + other + promotion) > 0
),

running as (
    select
        total.*,
        sum(change) over person as at_risk,
        lead(clock_month) over person - 1 as until_month
    from total
    window person as (partition by clock, exposure, level, pattern_no, year_no order by clock_month)
)

select
    clock, exposure, level, pattern_no, year_no, clock_month, until_month, cast(at_risk as bigint) as at_risk, cast(voluntary as bigint) as voluntary,
    cast(involuntary as bigint) as involuntary, cast(other as bigint) as other, cast(promotion as bigint) as promotion
from running
where at_risk > 0
