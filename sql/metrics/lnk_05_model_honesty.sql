-- LNK-05 Honesty of the model behind the lists
-- family: Links
-- label: Honesty of the model
-- question: Can the lists be trusted?
-- definition: How well the chance of leaving by choice within six months was foretold for the past year by a model that knew only what was known at the time. Calibration slope: 1 where chances are right, below 1 where they are too extreme. Brier skill: by what share its errors are smaller than those of giving everybody the same chance. Precision: share of the tenth with the highest chances that left. Lift: that share over the share of all.
-- numerator: People who gave notice by choice in the six months from each of twelve beginnings of a month
-- denominator: People who were eligible and had not given notice at each of these beginnings, and whom the model gave a chance
-- window: The twelve newest beginnings of a month that have been followed for six months
-- exclusions: At each beginning the model learns from people of whom it was known by then who left. It knows conversations and jobs alone: no protected attribute, age, location, pay, leave or answer to a survey. Whom it has too little to go by are published as unknown. Six months from one beginning overlap those from the next: intervals are as wide as if one beginning in six had been looked at. No figure with fewer than thirty people who left. A model with a slope outside 0.8 to 1.2, or no better than the time since the last conversation alone, makes no list.
-- unit: ratio
-- better: neither
-- interval: walk_forward
-- source: Calibration slope by Cox (1958); score by Brier (1950); list by the share of those foretold who left, as in vendors' validations
-- version: 1
with judged as (
    select 'calibration_slope' as band
    union all
    select 'brier_skill'
    union all
    select 'precision'
    union all
    select 'lift'
),

newest as (
    select max(origin_month) as last_month
    from lists.origin_cell
),

month_sum as (
    select c.origin_month, sum(c.people) as people, sum(c.leavers) as leavers
    from lists.origin_cell as c
    inner join newest as n on c.origin_month > n.last_month - 12
    group by c.origin_month
),

-- As many at once at least: who is in two of the months counts once.
total as (
    select sum(people) as person_months, sum(leavers) as leavers, max(people) as people
    from month_sum
)

select
    run.as_of,
    'company' as cut,
    'company' as group_key,
    '' as second_key,
    j.band,
    cast(t.leavers as double) as numerator,
    cast(coalesce(t.person_months, 0) as double) as denominator,
    cast(coalesce(t.people, 0) as bigint) as people,
    cast(0 as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from raw.run as run
cross join judged as j
cross join total as t
