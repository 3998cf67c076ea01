-- What the questions of each survey measure. Grain: one row per survey, question and day from which it holds, as declared; a survey id
-- is the beginning of the response file's name, so one declaration serves all waves until a later one takes its place.
select survey_id, question_id, coalesce(valid_from, date '1900-01-01') as valid_from, text, construct, scale_min, scale_max, is_reversed
from staging.parley__survey_question
