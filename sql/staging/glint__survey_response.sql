-- Viva Glint answers joined to their response; who did not take part has no answers. Grain: one row per response and question of each
-- delivery. The export has no id of a response: its place in the file is one, and the person tells copies of it apart from others.
-- Always confidential, as the product promises its respondents.
select
    r._file_id || ':' || cast(r._line as varchar) as response_id,
    r._series as survey_id,
    a.question_id,
    a.question_id as question_text,
    upper(r.employee_id) as employee_id,
    'confidential' as confidentiality,
    a.value as value_raw,
    cast(r.completed_at as date) as answered_on,
    'glint' as source_system,
    r._as_of as recorded_on,
    cast(null as varchar) as about_id
from raw.glint__response as r
inner join raw.glint__answer as a on r._file_id = a._file_id and r._line = a._line
where r.completed_at is not null
