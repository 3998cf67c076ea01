-- Survey answers of employees with their place: where people stood on the day the wave closed or, had they left by then, when they
-- answered. Every survey metric is cut by this place and by core.wave_group, so a later organisation never cuts the same answers anew.
-- Grain: one row per answer. `point` is its step on the declared scale, 1 the least and `points` the most favourable; null where no scale is
-- declared or the answer is no step of it. Which steps are favourable follows Viva Glint's table for scales of 2 to 11 points.
with scaled as (
    select
        r.*,
        case when q.scale_max - q.scale_min between 1 and 10 then cast(q.scale_max - q.scale_min as integer) + 1 end as points,
        q.scale_min,
        q.is_reversed,
        try_cast(r.value_raw as double) as figure
    from core.response as r
    inner join core.wave_question as q on r.wave_id = q.wave_id and r.question_id = q.question_id
    where r.value_raw is not null
),

stepped as (
    select
        s.*,
        case
            when figure <> floor(figure) or figure < scale_min or figure > scale_min + points - 1 then null
            when is_reversed then points - cast(figure - scale_min as integer)
            else cast(figure - scale_min as integer) + 1
        end as point
    from scaled as s
)

select
    s.wave_id,
    s.question_id,
    s.construct,
    s.closed_on,
    s.answered_on,
    coalesce(s.worker_key, s.response_key) as person,
    s.worker_key,
    s.about_key,
    s.confidentiality,
    s.value_raw,
    coalesce(closing.place_key, answering.place_key, 'nowhere') as place_key,
    s.points,
    s.point,
    s.point >= case
        when s.points in (2, 3, 4) then s.points when s.points in (5, 6) then 4 when s.points in (7, 8) then 6 when s.points = 9 then 7 when s.points = 10 then 8
        else 10
    end as is_favourable,
    s.point <= case when s.points in (2, 3, 4) then 1 when s.points = 5 then 2 when s.points = 11 then 7 else 3 end as is_unfavourable
from stepped as s
left join core.worker as w on s.worker_key = w.worker_key
left join core.episode as closing
    on s.worker_key = closing.worker_key and s.closed_on >= closing.valid_from and s.closed_on < closing.valid_to
left join core.episode as answering
    on s.worker_key = answering.worker_key and s.answered_on >= answering.valid_from and s.answered_on < answering.valid_to
where coalesce(w.in_scope, true)
