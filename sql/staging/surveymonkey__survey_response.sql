-- SurveyMonkey answers joined to their response. Grain: one row per response and question of each delivery. In the expanded form every
-- choice has a column of its own, named 'question - choice', which repeats the choice: those columns are one question again, unless
-- some response of the file has chosen several, which makes every choice a question by itself.
with choice as (
    select *, left(question_id, length(question_id) - length(value) - 3) as stem
    from raw.surveymonkey__answer
    where right(question_id, length(value) + 3) = ' - ' || value
),

chosen as (
    select _file_id, _line, stem, count(*) as choices
    from choice
    group by _file_id, _line, stem
),

several as (
    select _file_id, stem
    from chosen
    group by _file_id, stem
    having max(choices) > 1
),

single as (
    select c._file_id, c._line, c.question_id, c.stem
    from choice as c
    left join several as s on c._file_id = s._file_id and c.stem = s.stem
    where s.stem is null
)

select
    r.response_id,
    r._series as survey_id,
    coalesce(s.stem, a.question_id) as question_id,
    coalesce(s.stem, a.question_id) as question_text,
    upper(coalesce(r.employee_id, r.email)) as employee_id,
    case when coalesce(r.employee_id, r.email) is null then 'anonymous' else 'confidential' end as confidentiality,
    a.value as value_raw,
    cast(r.ended_at as date) as answered_on,
    'surveymonkey' as source_system,
    r._as_of as recorded_on,
    cast(null as varchar) as about_id
from raw.surveymonkey__response as r
inner join raw.surveymonkey__answer as a on r._file_id = a._file_id and r._line = a._line
left join single as s on a._file_id = s._file_id and a._line = s._line and a.question_id = s.question_id
