-- What was asked in each wave, as the newest export words it. Grain: one row per wave and question. `wording` keeps letters and digits
-- only, so that marks, blanks and case make no other question; null where the source has no texts. Where a source knows its questions
-- by their text alone, `question_key` is that wording, else the source's own number.
with worded as (
    select
        w.wave_id,
        a.question_id,
        a.question_text,
        nullif(regexp_replace(lower(regexp_replace(a.question_text, '<[^<>]*>|&[a-z]+;', '', 'g')), '[^\pL\pN]', '', 'g'), '') as wording,
        row_number() over (partition by w.wave_id, a.question_id order by a.recorded_on desc, a.question_text desc nulls last) as place
    from core.delivered_answer as a
    inner join core.survey_wave as w
        on a.source_system = w.source_system and a.survey_id = w.survey_id and a.answered_on >= w.opened_on and a.answered_on <= w.last_answered_on
)

select
    wave_id,
    question_id,
    question_text,
    wording,
    case when question_text = question_id and wording is not null then wording else question_id end as question_key
from worded
where place = 1
