-- QUA-06 Coverage and quality apart
-- family: Quality and follow-through
-- label: Coverage minus usefulness
-- question: Do many talk, and few find it useful?
-- definition: Percentage points by which the share of people who talked in the past 12 months (COV-01) exceeds the share of rated conversations that were rated useful (QUA-01). Well above zero, conversations are held more than they help.
-- numerator: COV-01 minus QUA-01
-- denominator: People employed for the whole window of whom it is known (COV-01)
-- window: Past 365 days
-- exclusions: None where either is not published: fewer than ten people or ratings, or more than 40 % unknown. The two speak of different things, people and conversations, so the difference has no interval.
-- unit: points
-- better: lower
-- interval: given
-- source: Public services that report both: NHS 83 and 36 %, Australian Public Service 82 and 48 %
-- version: 1
with paired as (
    select
        e.as_of,
        e.cut,
        e.group_key,
        e.second_key,
        e.year,
        e.year_known,
        coalesce(t.rated_people, 0) as rated_people,
        e.year_known >= 10 and (e.year - e.year_known) * 10 <= e.year * 4
        and t.rated_people >= 10 and (t.conversations - t.rated) * 10 <= t.conversations * 4 as is_published,
        e.year_talked / cast(nullif(e.year_known, 0) as double) as coverage,
        t.useful / cast(nullif(t.rated, 0) as double) as usefulness
    from core.census as e
    left join core.talk_census as t
        on e.as_of = t.as_of and e.cut = t.cut and e.group_key = t.group_key and e.second_key = t.second_key
)

select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(null as double) as numerator,
    cast(year_known as double) as denominator,
    -- The smaller side: a difference is no safer than the fewer people it speaks of.
    cast(least(year_known, rated_people) as bigint) as people,
    cast(year - year_known as bigint) as unknown,
    case when is_published then 100 * (coverage - usefulness) end as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from paired
