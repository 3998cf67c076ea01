-- Survey answers from the template. Grain: one row per response, question and person it is about.
select
    _id_space || response_id as response_id,
    lower(survey_id) as survey_id,
    question_id,
    cast(null as varchar) as question_text,
    upper(employee_id) as employee_id,
    confidentiality,
    value as value_raw,
    answered_on,
    'parley' as source_system,
    _as_of as recorded_on,
    upper(about_id) as about_id
from raw.parley__survey_response
where coalesce(status, 'answered') = 'answered' and value is not null
