-- Survey answers with their construct, and the person they came from where the survey knew it. Where questions of a survey are
-- declared, answers to others are left out: nobody has said that those ask for an opinion. `about_key` is whom an answer is about where
-- somebody answers about another person, such as a manager about each report; null means themselves. Grain: one row per wave,
-- response, question and person it is about; of several deliveries of one response the newest counts, of several answers of one person
-- to one question of a wave the last. Person keys serve grouping only.
with claim as (
    select
        a.*,
        w.wave_id,
        w.closed_on,
        x.worker_key,
        b.worker_key as about_key,
        coalesce('worker ' || x.worker_key, 'id ' || a.employee_id, 'response ' || a.response_id) as person,
        row_number() over (
            partition by w.wave_id, a.response_id, a.question_id, b.worker_key order by a.recorded_on desc, a.answered_on desc, a.value_raw desc
        ) as copy
    from core.delivered_answer as a
    inner join core.survey_wave as w
        on a.source_system = w.source_system and a.survey_id = w.survey_id
        and a.answered_on >= w.opened_on and a.answered_on <= w.last_answered_on
    left join core.worker_xref as x on a.employee_id = x.id_norm
    left join core.worker_xref as b on a.about_id = b.id_norm
    where a.about_id is null or b.worker_key is not null
),

ranked as (
    select
        *,
        row_number() over (
            partition by wave_id, person, question_id, about_key order by recorded_on desc, answered_on desc, response_id desc
        ) as place
    from claim
    where copy = 1
),

declared as (
    select distinct survey_id
    from core.question
)

select
    r.wave_id || ':' || r.response_id || coalesce(':' || r.about_key, '') as response_key,
    r.wave_id,
    r.question_id,
    q.construct,
    r.worker_key,
    r.confidentiality,
    r.value_raw,
    r.answered_on,
    r.closed_on,
    r.about_key
from ranked as r
inner join core.wave_question as q on r.wave_id = q.wave_id and r.question_id = q.question_id
left join declared as d on q.survey_key = d.survey_id
where r.place = 1 and (d.survey_id is null or q.declared_construct is not null)
