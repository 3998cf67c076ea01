-- What the questions of each survey measure. Grain: one row per survey and question as declared; a survey id is the beginning
-- of the response file's name, so one declaration serves all waves.
select survey_id, question_id, text, construct, scale_min, scale_max, is_reversed
from staging.parley__survey_question
