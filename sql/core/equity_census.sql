-- Who talked in the past 183 days by protected attribute, for the company as a whole: the group, and everybody else. Grain: one row per
-- reporting day, attribute and value. `half_year_people` and `eligible_people` are the fewest people a comparison of the group with the rest would
-- tell of: the group, the rest, or all smaller groups together, which would follow from it were they alone left out; and where nobody or
-- everybody of one side talked, or all but one, it would tell of each single person.
with summed as (
    select
        as_of,
        attribute,
        value,
        sum(half_year) as half_year,
        sum(half_year_known) as half_year_known,
        sum(half_year_talked) as half_year_talked,
        sum(eligible) as eligible,
        sum(eligible_known) as eligible_known,
        sum(eligible_talked) as eligible_talked
    from core.equity_cell
    group by as_of, attribute, value
),

contrasted as (
    select
        s.*,
        sum(half_year_known) over whole_company - half_year_known as half_year_rest_known,
        sum(half_year_talked) over whole_company - half_year_talked as half_year_rest_talked,
        sum(eligible_known) over whole_company - eligible_known as eligible_rest_known,
        sum(eligible_talked) over whole_company - eligible_talked as eligible_rest_talked,
        coalesce(sum(half_year_known) over (
            partition by as_of, attribute order by half_year_known, value rows between unbounded preceding and 1 preceding
        ), 0) as half_year_smaller,
        coalesce(sum(eligible_known) over (
            partition by as_of, attribute order by eligible_known, value rows between unbounded preceding and 1 preceding
        ), 0) as eligible_smaller
    from summed as s
    window whole_company as (partition by as_of, attribute)
)

select
    as_of,
    attribute,
    value,
    half_year,
    half_year_known,
    half_year_talked,
    half_year_rest_known,
    half_year_rest_talked,
    least(
        half_year_known,
        half_year_rest_known,
        case when half_year_smaller > 0 then half_year_smaller else half_year_known end,
        case when least(half_year_talked, half_year_known - half_year_talked) <= 1 then 1 else half_year_known end,
        case when least(half_year_rest_talked, half_year_rest_known - half_year_rest_talked) <= 1 then 1 else half_year_known end
    ) as half_year_people,
    eligible,
    eligible_known,
    eligible_talked,
    eligible_rest_known,
    least(
        eligible_known,
        eligible_rest_known,
        case when eligible_smaller > 0 then eligible_smaller else eligible_known end,
        case when least(eligible_talked, eligible_known - eligible_talked) <= 1 then 1 else eligible_known end,
        case when least(eligible_rest_talked, eligible_rest_known - eligible_rest_talked) <= 1 then 1 else eligible_known end
    ) as eligible_people
from contrasted
