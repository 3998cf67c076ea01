-- Survey answers with their construct, and the person they came from where the survey knew it. Grain: one row per wave, response
-- and question; of several answers of one person to one question of a wave the last counts. Person keys serve grouping only.
with claim as (
    select response_id, survey_id, question_id, employee_id, confidentiality, value_raw, answered_on, source_system, recorded_on
    from staging.qualtrics__survey_response
    union all
    select response_id, survey_id, question_id, employee_id, confidentiality, value_raw, answered_on, source_system, recorded_on
    from staging.qualtrics_legacy__survey_response
    union all
    select response_id, survey_id, question_id, employee_id, confidentiality, value_raw, answered_on, source_system, recorded_on
    from staging.parley__survey_response
),

ranked as (
    select
        c.*,
        x.worker_key,
        q.construct,
        row_number() over (
            partition by c.source_system, c.survey_id, coalesce(x.worker_key, c.response_id), c.question_id
            order by c.recorded_on desc, c.answered_on desc, c.response_id desc
        ) as place
    from claim as c
    cross join raw.run as run
    left join core.worker_xref as x on c.employee_id = x.id_norm
    left join core.question as q on c.question_id = q.question_id and starts_with(c.survey_id, q.survey_id)
    where c.answered_on <= run.as_of
)

select
    r.source_system || ':' || r.survey_id || ':' || r.response_id as response_key,
    r.survey_id as wave_id,
    r.question_id,
    coalesce(r.construct, 'other') as construct,
    r.worker_key,
    r.confidentiality,
    r.value_raw,
    r.answered_on,
    max(r.answered_on) over (partition by r.source_system, r.survey_id) as closed_on
from ranked as r
where r.place = 1
