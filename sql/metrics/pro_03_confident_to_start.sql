-- PRO-03 Confident to start one
-- family: Proactivity
-- label: Confident to start one
-- question: Do people dare to begin?
-- definition: Share of survey respondents who choose one of the two most favourable answers when asked whether they are confident to start a career conversation.
-- numerator: Answers in the top two of the scale
-- denominator: Answers on the scale
-- window: The last survey that had closed by the date, by the organisation as it was when it closed
-- exclusions: Answers that are not on the declared scale (four points or more) are unknown, published as a share; blanks, non-employees.
-- unit: share
-- better: higher
-- interval: counts
-- source: Right Management 31 %
-- version: 1
with counted as (
    select
        closed_on,
        place_key,
        sum(case when points >= 4 and point >= points - 1 then 1 else 0 end) as confident,
        sum(case when points >= 4 and point is not null then 1 else 0 end) as known,
        count(distinct case when points >= 4 and point is not null then person end) as people,
        count(*) as answers
    from core.answer_place
    where construct = 'confidence_to_initiate' and about_key is null
    group by closed_on, place_key
)

select
    w.as_of,
    c.cut,
    g.group_key,
    c.second_key,
    '' as band,
    cast(sum(n.confident) as double) as numerator,
    cast(sum(n.known) as double) as denominator,
    cast(sum(n.people) as bigint) as people,
    cast(sum(n.answers - n.known) as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from counted as n
inner join core.last_wave as w on n.closed_on = w.closed_on and w.construct = 'confidence_to_initiate'
inner join core.place_cell as c on n.place_key = c.place_key
inner join core.wave_group as g on n.closed_on = g.closed_on and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
group by w.as_of, c.cut, g.group_key, c.second_key
