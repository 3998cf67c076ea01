-- Every conversation record delivered, workers and spells resolved, with the fault that keeps it out of the metrics, if any.
-- Grain: one row per source record, the newest delivery. Only records that say they were held can have a fault.
with newest as (
    select
        d.*,
        row_number() over (partition by source_system, conversation_id order by delivered_on desc, delivered_line desc) as place
    from core.delivered_conversation as d
),

resolved as (
    select
        n.*,
        e.worker_key,
        p.worker_key as partner_key,
        s.spell_no,
        n.status in ('held_confirmed', 'held_reported') as is_held,
        n.career_content in ('explicit', 'inferred') and (n.setting <> 'formal_review' or n.career_content = 'explicit') as is_career
    from newest as n
    left join core.worker_xref as e on n.employee_id = e.id_norm
    left join core.worker_xref as p on n.partner_id = p.id_norm
    left join core.spell as s
        on e.worker_key = s.worker_key and n.occurred_on >= s.started_on and n.occurred_on < coalesce(s.ended_on, date '9999-12-31')
    where n.place = 1
),

hired as (
    select worker_key, min(started_on) as first_hired_on
    from core.spell
    group by worker_key
),

repeated as (
    select
        resolved.*,
        row_number() over (
            partition by worker_key, occurred_on, coalesce(partner_key, partner_id, partner_role), is_held and is_career
            order by recorded_on, source_system, conversation_id
        ) as copy_no
    from resolved
)

select
    r.source_system || ':' || r.conversation_id as conversation_key,
    r.worker_key, r.spell_no, r.occurred_on, r.date_precision, r.partner_key, r.partner_role, r.initiated_by, r.setting, r.channel,
    r.duration_min, r.duration_basis, r.purpose, r.support_type, r.is_prepared, r.usefulness, r.career_content, r.status, r.confirmed_by,
    r.recorded_on, r.source_system, r.is_held, r.is_career,
    case
        when not r.is_held then null
        when r.worker_key is null then 'orphan'
        when r.occurred_on > run.as_of then 'future'
        when r.spell_no is null and (h.first_hired_on is null or r.occurred_on < h.first_hired_on) then 'before_hire'
        when r.spell_no is null then 'after_exit'
        when r.partner_key = r.worker_key then 'self_partner'
        when r.is_career and r.copy_no > 1 then 'duplicate'
    end as fault,
    r.rated_by
from repeated as r
cross join raw.run as run
left join hired as h on r.worker_key = h.worker_key
