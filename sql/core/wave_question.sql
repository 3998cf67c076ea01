-- What each question of each wave measures, and how it was asked in the wave before. Grain: one row per wave and question. A question
-- that came back reworded or under another number measures 'other' from that wave on, until survey_question declares the new form
-- of it, with the new wording or from a day after the close of the wave before; until then its scale is unknown too.
with declared as (
    select
        *,
        nullif(regexp_replace(lower(regexp_replace(text, '<[^<>]*>|&[a-z]+;', '', 'g')), '[^\pL\pN]', '', 'g'), '') as wording,
        regexp_replace(lower(question_id), '[^\pL\pN]', '', 'g') as worded_id
    from core.question
),

-- The same wording under a number that has lost it since.
moved as (
    select n.wave_id, n.question_id, min(e.question_id) as earlier_question_id
    from core.survey_wave as w
    inner join core.wave_wording as n on w.wave_id = n.wave_id
    inner join core.wave_wording as e on w.earlier_wave_id = e.wave_id and n.wording = e.wording and n.question_key <> e.question_key
    left join core.wave_wording as k on n.wave_id = k.wave_id and e.question_key = k.question_key and e.wording = k.wording
    where k.wave_id is null
    group by n.wave_id, n.question_id
),

compared as (
    select
        w.*,
        n.question_id,
        n.question_key,
        n.question_text,
        n.wording,
        case
            when n.wording = e.wording then null
            when m.question_id is not null then 'renumbered'
            when n.wording <> e.wording then 'reworded'
        end as change,
        coalesce(m.earlier_question_id, e.question_id) as earlier_question_id
    from core.survey_wave as w
    inner join core.wave_wording as n on w.wave_id = n.wave_id
    left join core.wave_wording as e on w.earlier_wave_id = e.wave_id and n.question_key = e.question_key
    left join moved as m on n.wave_id = m.wave_id and n.question_id = m.question_id
),

tainted as (
    select c.wave_id, c.question_id, max(p.earlier_closed_on) as changed_after
    from compared as c
    inner join compared as p
        on c.source_system = p.source_system and c.survey_key = p.survey_key and c.question_key = p.question_key
        and c.opened_on >= p.opened_on and p.change is not null
    group by c.wave_id, c.question_id
),

chosen as (
    select
        c.wave_id,
        c.question_id,
        d.construct,
        coalesce(d.wording = c.wording, false) as is_worded_so,
        d.valid_from,
        d.text as declared_text,
        d.scale_min,
        d.scale_max,
        d.is_reversed,
        row_number() over (
            partition by c.wave_id, c.question_id
            order by
                length(d.survey_id) desc,
                case when d.wording = c.wording then 0 else 1 end,
                d.valid_from desc,
                case when d.question_id = c.question_id then 0 else 1 end,
                d.construct
        ) as place
    from compared as c
    inner join declared as d
        on starts_with(c.survey_id, d.survey_id) and c.closed_on >= d.valid_from
        and (c.question_id = d.question_id or (c.question_key <> c.question_id and c.question_key = d.worded_id))
),

settled as (
    select
        c.*,
        h.construct as declared_construct,
        h.declared_text,
        h.scale_min,
        h.scale_max,
        h.is_reversed,
        t.changed_after is null or coalesce(h.is_worded_so or h.valid_from > t.changed_after, false) as is_settled
    from compared as c
    left join tainted as t on c.wave_id = t.wave_id and c.question_id = t.question_id
    left join chosen as h on c.wave_id = h.wave_id and c.question_id = h.question_id and h.place = 1
)

select
    wave_id,
    question_id,
    source_system,
    survey_id,
    survey_key,
    question_key,
    question_text,
    change,
    earlier_wave_id,
    case when change is not null then earlier_question_id end as earlier_question_id,
    declared_construct,
    is_settled,
    case when is_settled then coalesce(declared_construct, 'other') else 'other' end as construct,
    declared_text,
    case when is_settled then scale_min end as scale_min,
    case when is_settled then scale_max end as scale_max,
    coalesce(is_reversed, false) as is_reversed
from settled
