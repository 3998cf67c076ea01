-- What each survey question measures. Grain: one row per survey, question and day from which it holds, of the newest file.
select lower(survey_id) as survey_id, question_id, text, construct, scale_min, scale_max, coalesce(reversed, false) as is_reversed, valid_from
from raw.parley__survey_question
where _as_of = (select max(_as_of) from raw.parley__survey_question)
