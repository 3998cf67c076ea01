-- Qualtrics answers out of a connector's tables, joined to their response: previews, tests and spam are no responses, an answer counts
-- from the day it was recorded. Grain: one row per response, question, line of a grid and choice; of several copies of a row the
-- newest counts. Without a person: recipients are not read, and the tables have no employee id.
with response as (
    select
        r.*,
        row_number() over (partition by response_id order by _as_of desc, modified_at desc nulls last, _file_id desc, _line desc) as place
    from raw.qualtrics_long__response as r
),

answer as (
    select a.*, row_number() over (partition by answer_id order by _as_of desc, _file_id desc, _line desc) as place
    from raw.qualtrics_long__answer as a
)

select
    r.response_id,
    lower(r.survey_id) as survey_id,
    a.question_id || coalesce('_L' || a.loop_id, '') || coalesce('_' || a.line_key, '') || coalesce('_' || a.option_key, '') as question_id,
    a.question_text || coalesce(' - ' || a.line_text, '') as question_text,
    cast(null as varchar) as employee_id,
    case when lower(r.distribution_channel) = 'anonymous' then 'anonymous' else 'confidential' end as confidentiality,
    coalesce(a.text, a.value) as value_raw,
    cast(r.recorded_at as date) as answered_on,
    'qualtrics_long' as source_system,
    r._as_of as recorded_on,
    cast(null as varchar) as about_id
from response as r
inner join answer as a on r.response_id = a.response_id
where r.place = 1 and a.place = 1 and coalesce(a.text, a.value) is not null
and coalesce(lower(r.response_status), '') not in (
    'survey preview', 'survey test', 'spam', 'survey preview spam', 'imported spam', 'offline survey preview', 'ex spam', 'synthetic',
    '1', '2', '8', '9', '12', '17', '40', '256'
)
and coalesce(lower(r.distribution_channel), '') not in ('preview', 'test')
