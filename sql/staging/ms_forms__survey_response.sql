-- Microsoft Forms answers joined to their response. Grain: one row per response and question of each delivery. Forms that do not record
-- names say 'anonymous' instead of an address, in the language's upper or lower case.
with response as (
    select *, upper(coalesce(employee_id, case when lower(email) not in ('anonymous', 'anonym', 'anonyme') then email end)) as person
    from raw.ms_forms__response
)

select
    r.response_id,
    r._series as survey_id,
    a.question_id,
    a.question_id as question_text,
    r.person as employee_id,
    case when r.person is null then 'anonymous' else 'confidential' end as confidentiality,
    a.value as value_raw,
    cast(coalesce(r.modified_at, r.completed_at) as date) as answered_on,
    'ms_forms' as source_system,
    r._as_of as recorded_on,
    cast(null as varchar) as about_id
from response as r
inner join raw.ms_forms__answer as a on r._file_id = a._file_id and r._line = a._line
