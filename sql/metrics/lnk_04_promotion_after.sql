-- LNK-04 Promotions in the year after a landmark
-- family: Links
-- label: Promotion after a landmark
-- question: Do newer people who have talked rise?
-- definition: By how many percentage points more people are promoted in the 365 days after 6, 12 and 18 months of tenure if they had had a career conversation in the 183 days before that day than if not. Above 0 those who had talked rise more. It is an association, not cause.
-- numerator: Incidence of a rise in grade within 365 days, of people who had talked, minus that of people who had not, within the same calendar month
-- denominator: People employed and not on notice 183, 365 or 548 days after their hire whose grade has a rank below the highest, of whom it is known whether they had talked
-- window: Landmarks passed in the past 730 days
-- exclusions: Who talks later stays where they were on the landmark. Exits of every kind compete: who has left cannot rise any more. A promotion counts on the day it was decided, where known; what was decided before the landmark, and so before the conversation, does not count. Landmarks are compared within a calendar month and put together with Mantel-Haenszel weights, as promotions have their season; calendar months with fewer than ten people on a side are taken as one. Who has not been followed for 365 days counts for as long as they were. Who was not observed by then, or of whom nobody knows, leaves both sides. People who are about to rise may be talked to more. No figure unless each side has ten people and five promotions, and somebody was followed for 365 days.
-- unit: points
-- better: neither
-- interval: aalen_johansen
-- source: Landmark analysis (van Houwelingen 2007); Aalen-Johansen incidence with its Greenwood-type variance, in Newcombe's interval (1998)
-- version: 1
with arm as (
    select
        as_of,
        band,
        sum(case when status = 'in_date' then events + competing + censored else 0 end) as in_date,
        sum(case when status = 'out_of_date' then events + competing + censored else 0 end) as out_of_date,
        sum(case when status = 'unknown' then events + competing + censored else 0 end) as unknown,
        sum(case when status = 'in_date' then events else 0 end) as in_date_events,
        sum(case when status = 'out_of_date' then events else 0 end) as out_of_date_events,
        max(case when status = 'in_date' then day else 0 end) as in_date_days,
        max(case when status = 'out_of_date' then day else 0 end) as out_of_date_days
    from links.promotion_landmark
    group by as_of, band
)

select
    as_of,
    'company' as cut,
    'company' as group_key,
    '' as second_key,
    band,
    cast(case
        when least(in_date, out_of_date) >= 10 and least(in_date_events, out_of_date_events) >= 5 and least(in_date_days, out_of_date_days) = 365
            then in_date_events + out_of_date_events
    end as double) as numerator,
    cast(in_date + out_of_date as double) as denominator,
    cast(least(in_date, out_of_date) as bigint) as people,
    cast(unknown as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from arm
