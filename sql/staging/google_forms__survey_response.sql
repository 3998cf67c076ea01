-- Google Forms answers joined to their response. Grain: one row per response and question of each delivery. The export has no id of a
-- response. Where the person is known, place in the file is one and the person tells copies apart; anonymous responses go by their
-- second, numbered within it, so that the same response in a later download keeps its id.
with response as (
    select
        _file_id,
        _line,
        _series,
        _as_of,
        submitted_at,
        upper(coalesce(employee_id, email)) as person,
        row_number() over (partition by _file_id, submitted_at, coalesce(employee_id, email) is null order by _line) as nth
    from raw.google_forms__response
)

select
    case
        when r.person is null then cast(r.submitted_at as varchar) || '#' || cast(r.nth as varchar)
        else r._file_id || ':' || cast(r._line as varchar)
    end as response_id,
    r._series as survey_id,
    a.question_id,
    a.question_id as question_text,
    r.person as employee_id,
    case when r.person is null then 'anonymous' else 'confidential' end as confidentiality,
    a.value as value_raw,
    cast(r.submitted_at as date) as answered_on,
    'google_forms' as source_system,
    r._as_of as recorded_on,
    cast(null as varchar) as about_id
from response as r
inner join raw.google_forms__answer as a on r._file_id = a._file_id and r._line = a._line
