-- Answers to every question with a declared construct and scale, counted for every published cut, the organisation as it was when the wave
-- closed. Grain: one row per wave, question, cut and group. Sums of steps and of their squares are whole numbers, so mean, score and spread follow
-- from them. Answers that are no step of the scale, words among them, are unknown; answers about somebody else do not count.
with counted as (
    select
        wave_id,
        question_id,
        construct,
        closed_on,
        place_key,
        points,
        count(point) as answers,
        count(distinct case when point is not null then person end) as people,
        count(*) - count(point) as unknown,
        sum(coalesce(point, 0)) as point_sum,
        sum(coalesce(point * point, 0)) as square_sum,
        sum(case when is_favourable then 1 else 0 end) as favourable,
        sum(case when is_unfavourable then 1 else 0 end) as unfavourable
    from core.answer_place
    where about_key is null and points is not null and construct <> 'other'
    group by wave_id, question_id, construct, closed_on, place_key, points
)

select
    n.wave_id,
    n.question_id,
    n.construct,
    n.closed_on,
    q.source_system,
    q.survey_key,
    coalesce(q.declared_text, q.question_text) as question_text,
    n.points,
    c.cut,
    g.group_key,
    c.second_key,
    cast(sum(n.answers) as bigint) as answers,
    cast(sum(n.people) as bigint) as people,
    cast(sum(n.unknown) as bigint) as unknown,
    cast(sum(n.point_sum) as bigint) as point_sum,
    cast(sum(n.square_sum) as bigint) as square_sum,
    cast(sum(n.favourable) as bigint) as favourable,
    cast(sum(n.unfavourable) as bigint) as unfavourable
from counted as n
cross join raw.run as run
inner join core.wave_question as q on n.wave_id = q.wave_id and n.question_id = q.question_id
inner join core.place_cell as c on n.place_key = c.place_key
inner join core.wave_group as g on n.closed_on = g.closed_on and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
where n.closed_on >= run.calendar_from
group by
    n.wave_id, n.question_id, n.construct, n.closed_on, q.source_system, q.survey_key, coalesce(q.declared_text, q.question_text), n.points,
    c.cut, g.group_key, c.second_key
