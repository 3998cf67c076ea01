-- Waves of each survey. Grain: one row per wave: the answers of one source and survey between two pauses. More than 14 days without an
-- answer are a pause where an export was made in them, more than 60 days in any case: so two files of one survey with dates half a
-- year apart are two waves, and a file sent again with some late answers is none. Nor are stragglers: fewer people than one in 20 of a
-- wave that closed up to 60 days before belong to the last full wave; they do not move its close, only its `last_answered_on`. Waves
-- that share a declared beginning of their survey id are waves of one survey (`survey_key`); the wave before is the last that had
-- closed, of the same survey id if there is one.
with given as (
    select distinct a.source_system, a.survey_id, a.answered_on, coalesce('id ' || a.employee_id, 'response ' || a.response_id) as person
    from core.delivered_answer as a
    cross join raw.run as run
    where a.answered_on <= run.as_of
),

answer as (
    select distinct source_system, survey_id, answered_on
    from given
),

spaced as (
    select
        source_system,
        survey_id,
        answered_on,
        lag(answered_on) over (partition by source_system, survey_id order by answered_on) as last_before
    from answer
),

export as (
    select distinct source_system, survey_id, recorded_on
    from core.delivered_answer
),

parted as (
    select
        s.source_system,
        s.survey_id,
        s.answered_on,
        max(case
            when s.last_before is null then 1
            when date_diff('day', s.last_before, s.answered_on) > 60 then 1
            when date_diff('day', s.last_before, s.answered_on) > 14 and e.recorded_on is not null then 1
            else 0
        end) as is_first
    from spaced as s
    left join export as e
        on s.source_system = e.source_system and s.survey_id = e.survey_id
        and e.recorded_on >= s.last_before and e.recorded_on < s.answered_on
    group by s.source_system, s.survey_id, s.answered_on
),

numbered as (
    select *, sum(is_first) over (partition by source_system, survey_id order by answered_on) as wave_no
    from parted
),

part as (
    select
        n.source_system,
        n.survey_id,
        min(n.answered_on) as opened_on,
        max(n.answered_on) as closed_on,
        count(distinct g.person) as people
    from numbered as n
    inner join given as g on n.source_system = g.source_system and n.survey_id = g.survey_id and n.answered_on = g.answered_on
    group by n.source_system, n.survey_id, n.wave_no
),

judged as (
    select p.source_system, p.survey_id, p.opened_on, p.closed_on, max(case when e.opened_on is null then 1 else 0 end) as is_full
    from part as p
    left join part as e
        on p.source_system = e.source_system and p.survey_id = e.survey_id and p.opened_on > e.closed_on
        and date_diff('day', e.closed_on, p.opened_on) <= 60 and p.people * 20 < e.people
    group by p.source_system, p.survey_id, p.opened_on, p.closed_on
),

joined as (
    select *, sum(is_full) over (partition by source_system, survey_id order by opened_on) as wave_no
    from judged
),

span as (
    select
        source_system,
        survey_id,
        min(opened_on) as opened_on,
        max(case when is_full = 1 then closed_on end) as closed_on,
        max(closed_on) as last_answered_on
    from joined
    group by source_system, survey_id, wave_no
),

declared as (
    select distinct survey_id
    from core.question
),

named as (
    select
        s.source_system || ':' || s.survey_id || ':' || cast(s.opened_on as varchar) as wave_id,
        s.*,
        coalesce(d.survey_id, s.survey_id) as survey_key,
        row_number() over (partition by s.source_system, s.survey_id, s.opened_on order by length(d.survey_id) desc) as place
    from span as s
    left join declared as d on starts_with(s.survey_id, d.survey_id)
),

earlier as (
    select
        n.wave_id,
        p.wave_id as earlier_wave_id,
        p.closed_on as earlier_closed_on,
        row_number() over (
            partition by n.wave_id order by case when n.survey_id = p.survey_id then 0 else 1 end, p.closed_on desc, p.wave_id desc
        ) as place
    from named as n
    inner join named as p
        on n.source_system = p.source_system and n.survey_key = p.survey_key and n.opened_on > p.closed_on and p.place = 1
    where n.place = 1
)

select
    n.wave_id,
    n.source_system,
    n.survey_id,
    n.survey_key,
    n.opened_on,
    n.closed_on,
    n.last_answered_on,
    e.earlier_wave_id,
    e.earlier_closed_on
from named as n
left join earlier as e on n.wave_id = e.wave_id and e.place = 1
where n.place = 1
