-- What the last career conversation of a month was like. Grain: one row per worker, spell and month (numbered as in links.stint) with a conversation. What was
-- not recorded is 'unknown'. Of several on the last day that with the lowest key is taken. The conversations are those of links.talk_month.
with told as (
    select
        s.worker_no,
        s.spell_no,
        c.occurred_on,
        c.conversation_key,
        case c.partner_relation when 'line_manager' then 'boss' when 'unknown' then 'unknown' else 'not_boss' end as partner,
        case c.setting when 'informal' then 'informal' when 'unknown' then 'unknown' else 'formal' end as setting,
        case
            when c.duration_min is null or c.duration_basis = 'scheduled' then 'unknown'
            when c.duration_min <= 15 then 'up_to_15_minutes'
            else 'longer'
        end as duration,
        case c.initiated_by when 'employee' then 'employee' when 'unknown' then 'unknown' else 'somebody_else' end as initiator,
        case
            when c.support_type is null or coalesce(t.career_stage, 'unknown') = 'unknown' then 'unknown'
            when f.support_type is not null then 'fits_stage'
            else 'does_not_fit'
        end as support,
        case when c.usefulness is null then 'unknown' when c.usefulness >= 4 then 'useful' else 'not_useful' end as usefulness
    from core.conversation as c
    inner join links.stint as s on c.worker_key = s.worker_key and c.spell_no = s.spell_no
    left join core.talk as t on c.conversation_key = t.conversation_key
    left join raw.stage_support as f on t.career_stage = f.stage and c.support_type = f.support_type
),

monthly as (
    select told.*, cast(extract(year from occurred_on) * 12 + extract(month from occurred_on) as integer) as talk_month
    from told
),

ranked as (
    select
        monthly.*,
        row_number() over (
            partition by worker_no, spell_no, talk_month order by occurred_on desc, conversation_key
        ) as place
    from monthly
)

select
    worker_no,
    spell_no,
    talk_month,
    occurred_on as last_on,
    coalesce(partner, 'unknown') as partner,
    coalesce(setting, 'unknown') as setting,
    duration as length,
    coalesce(initiator, 'unknown') as initiator,
    support,
    usefulness
from ranked
where place = 1
