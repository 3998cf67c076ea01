-- Questions that were not asked as in the wave before. Grain: one row per wave and question that was reworded, moved to another number,
-- or left out although it is declared (told of the last wave of a survey only). `is_open`: the question is declared to measure
-- something, and nothing says that its new form still does.
with earlier as (
    select wave_id, question_id, question_key, question_text, declared_construct
    from core.wave_question
),

changed as (
    select
        n.wave_id,
        n.question_id,
        n.source_system,
        n.survey_id,
        n.change,
        n.question_text,
        n.earlier_wave_id,
        n.earlier_question_id,
        e.question_text as earlier_text,
        not n.is_settled
        and (coalesce(n.declared_construct, 'other') <> 'other' or coalesce(e.declared_construct, 'other') <> 'other') as is_open
    from core.wave_question as n
    inner join earlier as e on n.earlier_wave_id = e.wave_id and n.earlier_question_id = e.question_id
    where n.change is not null
),

newest as (
    select w.*
    from core.survey_wave as w
    left join core.survey_wave as later on w.wave_id = later.earlier_wave_id
    where later.wave_id is null
),

missing as (
    select
        w.wave_id,
        e.question_id,
        w.source_system,
        w.survey_id,
        'missing' as change,
        cast(null as varchar) as question_text,
        w.earlier_wave_id,
        e.question_id as earlier_question_id,
        e.question_text as earlier_text,
        true as is_open
    from newest as w
    inner join earlier as e on w.earlier_wave_id = e.wave_id and e.declared_construct <> 'other'
    left join core.wave_question as k on w.wave_id = k.wave_id and e.question_key = k.question_key
    left join changed as c on w.wave_id = c.wave_id and e.question_id = c.earlier_question_id
    where k.wave_id is null and c.wave_id is null
)

select * from changed
union all
select * from missing
