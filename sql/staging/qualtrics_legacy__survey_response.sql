-- Qualtrics answers joined to their response: previews, tests and spam are no responses, an answer counts from the day it was recorded.
-- Grain: one row per response and question of the newest delivery of each survey file. Never identified: answers that came
-- in through a Qualtrics survey are confidential until the organisation declares otherwise.
select
    r.response_id,
    r._series as survey_id,
    a.question_id,
    a.question_text,
    upper(r.external_reference) as employee_id,
    'confidential' as confidentiality,
    a.value as value_raw,
    cast(r.ended_at as date) as answered_on,
    'qualtrics_legacy' as source_system,
    r._as_of as recorded_on,
    cast(null as varchar) as about_id
from raw.qualtrics_legacy__response as r
inner join raw.qualtrics_legacy__answer as a on r._file_id = a._file_id and r._line = a._line
where coalesce(lower(r.response_status), '') not in (
    'survey preview', 'survey test', 'spam', 'survey preview spam', 'imported spam', 'offline survey preview', 'ex spam', 'synthetic',
    '1', '2', '8', '9', '12', '17', '40', '256'
)
