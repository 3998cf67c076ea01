-- EQU-02 What is left of a group's gap between people alike in job
-- family: Equity
-- label: Adjusted gap to the rest
-- question: Is it the group or where its people work?
-- definition: By how many percentage points the chance of a career conversation in the past 183 days is higher in the group than among others of the same grade, tenure and manager's span in the same division, averaged over everybody. 0 is no gap; below 0 the group gets fewer.
-- numerator: Average marginal difference from a logistic regression with grade, tenure and span of the manager, and a random intercept for the division
-- denominator: Eligible people of the group of whom it is known whether they talked
-- window: Past 183 days
-- exclusions: Under 90 days employed, on leave for more than half of the window, and people of whom it is unknown. A missing grade, tenure or manager is a class of its own. Who has not said is the group 'undisclosed'. Only for the company as a whole; groups and rest of ten or more of whom some talked and some did not. The figure describes, it does not prove a cause: pay, hours and much else are not in it.
-- unit: points
-- better: neither
-- interval: adjusted_logistic
-- source: Average marginal effects with the delta method; random intercept by the Laplace approximation (Breslow and Clayton 1993)
-- version: 1
select
    as_of,
    'equity' as cut,
    attribute as group_key,
    value as second_key,
    '' as band,
    cast(case when eligible_people >= 10 then eligible_talked end as double) as numerator,
    cast(eligible_known as double) as denominator,
    cast(eligible_people as bigint) as people,
    cast(eligible - eligible_known as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.equity_census
