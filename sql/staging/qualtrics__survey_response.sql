-- Qualtrics answers joined to their response: previews, tests and spam are no responses, an answer counts from the day it was recorded.
-- Grain: one row per response and question of each delivery. The words for a preview follow the language of the exporter, so the
-- channel, which is not translated, speaks as well. Never identified: what came in through a survey is confidential until the
-- organisation declares otherwise, and anonymous where an anonymous link left no person.
select
    r.response_id,
    r._series as survey_id,
    a.question_id,
    a.question_text,
    upper(r.external_reference) as employee_id,
    case
        when r.external_reference is null and lower(r.distribution_channel) = 'anonymous' then 'anonymous' else 'confidential'
    end as confidentiality,
    a.value as value_raw,
    cast(coalesce(r.recorded_at, r.ended_at) as date) as answered_on,
    'qualtrics' as source_system,
    r._as_of as recorded_on,
    cast(null as varchar) as about_id
from raw.qualtrics__response as r
inner join raw.qualtrics__answer as a on r._file_id = a._file_id and r._line = a._line
where coalesce(lower(r.response_status), '') not in (
    'survey preview', 'survey test', 'spam', 'survey preview spam', 'imported spam', 'offline survey preview', 'ex spam', 'synthetic',
    '1', '2', '8', '9', '12', '17', '40', '256'
)
and coalesce(lower(r.distribution_channel), '') not in ('preview', 'test')
