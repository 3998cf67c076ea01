-- QUA-04 Looked at again the next time
-- family: Quality and follow-through
-- label: Actions looked at again
-- question: Does the next conversation pick up the last one?
-- definition: Share of agreed actions that were reviewed at the next career conversation of the person with whom they were agreed, or before it.
-- numerator: Actions reviewed by the day of the next conversation
-- denominator: Actions after which there has been a next career conversation
-- window: Actions of conversations in the past 730 days
-- exclusions: Actions with no later career conversation of that person in the same employment spell leave both sides; their share of all actions is a figure of its own ('none later').
-- unit: share
-- better: higher
-- interval: counts
-- source: Oglethorpe: career conversations as a cycle
-- version: 1
with figure as (
    select as_of, cut, group_key, second_key, '' as band, reviewed as part, with_next as whole, with_next_owners as people
    from core.agreement_census
    union all
    select as_of, cut, group_key, second_key, 'none_later', agreed - with_next, agreed, agreed_owners
    from core.agreement_census
)

select
    as_of,
    cut,
    group_key,
    second_key,
    band,
    cast(part as double) as numerator,
    cast(whole as double) as denominator,
    cast(people as bigint) as people,
    cast(0 as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from figure
