-- EQU-01 Coverage of a group against everybody else's
-- family: Equity
-- label: Coverage, group to the rest
-- question: Do all groups get them alike?
-- definition: Share of the group with a career conversation in the past 183 days, divided by the same share of everybody else, not of the largest group. 1 is parity.
-- numerator: Coverage of the group: people employed for the whole window with one or more, of those of whom that is known
-- denominator: Coverage of everybody else, in the same way
-- window: Past 183 days
-- exclusions: Who has not said is a group of their own, 'undisclosed'. Only for the company as a whole, never within units. Where the group or the rest has fewer than ten people of whom it is known, a smaller group would follow from it, or nobody or everybody of either talked (or all but one), there is no figure. Nothing is said about why groups differ.
-- unit: ratio
-- better: neither
-- interval: given
-- source: Fairness item of the NHS staff survey; interval of Katz and others 1978
-- version: 1
with counts as (
    select
        e.*,
        case when half_year_people >= 10 then cast(half_year_talked as double) end as talked,
        cast(half_year_known as double) as known,
        cast(half_year_rest_talked as double) as rest_talked,
        cast(half_year_rest_known as double) as rest_known
    from core.equity_census as e
),

contrasted as (
    select
        c.*,
        case when talked is not null then (talked / known) / (rest_talked / rest_known) end as times,
        case when talked is not null
            then exp(1.959963984540054 * sqrt(1.0 / talked - 1.0 / known + 1.0 / rest_talked - 1.0 / rest_known))
        end as factor
    from counts as c
)

select
    as_of,
    'equity' as cut,
    attribute as group_key,
    value as second_key,
    '' as band,
    talked as numerator,
    known as denominator,
    cast(half_year_people as bigint) as people,
    cast(half_year - half_year_known as bigint) as unknown,
    times as value,
    times / factor as lo,
    times * factor as hi,
    '' as note
from contrasted
