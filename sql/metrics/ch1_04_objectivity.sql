-- CH1-04 Objectivity
-- family: Characteristics
-- label: Listened to, objectively
-- question: Was the other person on their side?
-- definition: Share of survey respondents whose answers on being listened to, on objectivity and on having no agenda average 4 or more of 5.
-- numerator: Respondents with a mean of 4 or more
-- denominator: Respondents who answered two or three of the three items
-- window: The last survey that had closed by the date, by the organisation as it was when it closed
-- exclusions: Respondents with fewer than two answers on a declared five-point scale are unknown, published as a share; blanks, non-employees.
-- unit: share
-- better: higher
-- interval: counts
-- source: Parley: not necessarily the boss; the 13 qualities of a good career conversation
-- version: 1
with respondent as (
    select
        closed_on,
        place_key,
        person,
        count(distinct case when points = 5 and point is not null then construct end) as items,
        sum(case when points = 5 and point is not null then point - 4 else 0 end) as above_four
    from core.answer_place
    where construct in ('listened', 'objective', 'no_agenda') and about_key is null
    group by closed_on, place_key, person
),

counted as (
    select
        closed_on,
        place_key,
        sum(case when items >= 2 and above_four >= 0 then 1 else 0 end) as favourable,
        sum(case when items >= 2 then 1 else 0 end) as known,
        count(*) as respondents
    from respondent
    group by closed_on, place_key
),

last_asked as (
    select as_of, max(closed_on) as closed_on
    from core.last_wave
    where construct in ('listened', 'objective', 'no_agenda')
    group by as_of
)

select
    w.as_of,
    c.cut,
    g.group_key,
    c.second_key,
    '' as band,
    cast(sum(n.favourable) as double) as numerator,
    cast(sum(n.known) as double) as denominator,
    cast(sum(n.known) as bigint) as people,
    cast(sum(n.respondents - n.known) as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from counted as n
inner join last_asked as w on n.closed_on = w.closed_on
inner join core.place_cell as c on n.place_key = c.place_key
inner join core.wave_group as g on n.closed_on = g.closed_on and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
group by w.as_of, c.cut, g.group_key, c.second_key
