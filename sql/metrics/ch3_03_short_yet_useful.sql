-- CH3-03 Short yet useful
-- family: Characteristics
-- label: Short yet useful
-- question: Is fifteen minutes enough to help?
-- definition: How many percentage points more often conversations of up to fifteen minutes are rated useful (4 or 5 of 5, by the employee) than longer ones. Around zero, short ones help as much.
-- numerator: Useful share of conversations of up to 15 minutes, minus the useful share of longer ones
-- denominator: Rated conversations of known length, of both kinds
-- window: Past 365 days
-- exclusions: Conversations without a rating by the employee or without a reported or measured length leave both sides; their share is published. No figure unless ten or more of each kind are rated. What is talked about in short ones may differ: the difference is not the effect of length. The interval is Newcombe's, as if nobody had been rated in two of them.
-- unit: points
-- better: neither
-- interval: given
-- source: Parley: under fifteen minutes has value; Newcombe 1998, method 10
-- version: 1
with arm as (
    select
        as_of, cut, group_key, second_key, conversations,
        short_rated + long_rated as rated,
        least(short_rated_people, long_rated_people) as people,
        cast(short_rated as double) as s_n,
        cast(short_useful as double) as s_x,
        cast(long_rated as double) as l_n,
        cast(long_useful as double) as l_x,
        1.959963984540054 as z
    from core.talk_census
),

scored as (
    select
        arm.*,
        s_x / s_n as s_share,
        (s_x + z * z / 2 - z * sqrt(s_x * (s_n - s_x) / s_n + z * z / 4)) / (s_n + z * z) as s_low,
        (s_x + z * z / 2 + z * sqrt(s_x * (s_n - s_x) / s_n + z * z / 4)) / (s_n + z * z) as s_high,
        l_x / l_n as l_share,
        (l_x + z * z / 2 - z * sqrt(l_x * (l_n - l_x) / l_n + z * z / 4)) / (l_n + z * z) as l_low,
        (l_x + z * z / 2 + z * sqrt(l_x * (l_n - l_x) / l_n + z * z / 4)) / (l_n + z * z) as l_high
    from arm
    where s_n >= 10 and l_n >= 10
)

select
    a.as_of,
    a.cut,
    a.group_key,
    a.second_key,
    '' as band,
    cast(null as double) as numerator,
    cast(a.rated as double) as denominator,
    -- The smaller side: a difference is no safer than the fewer people it speaks of.
    cast(a.people as bigint) as people,
    cast(a.conversations - a.rated as bigint) as unknown,
    100 * (s.s_share - s.l_share) as value,
    100 * (s.s_share - s.l_share - sqrt((s.s_share - s.s_low) * (s.s_share - s.s_low) + (s.l_high - s.l_share) * (s.l_high - s.l_share))) as lo,
    100 * (s.s_share - s.l_share + sqrt((s.s_high - s.s_share) * (s.s_high - s.s_share) + (s.l_share - s.l_low) * (s.l_share - s.l_low))) as hi,
    '' as note
from arm as a
left join scored as s on a.as_of = s.as_of and a.cut = s.cut and a.group_key = s.group_key and a.second_key = s.second_key
