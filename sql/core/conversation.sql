-- Held career conversations, partner resolved as of their day: whoever was the line manager that day is the line manager,
-- whatever the form said; the form is believed where no line manager is known. How useful it was is the employee's own rating: one by
-- the partner, or by nobody knows whom, stays in conversation_claim. Grain: one row per conversation; same employee, partner and day is one.
with held as (
    select c.*, j.manager_key, j.org_unit_key
    from core.conversation_claim as c
    inner join core.worker as w on c.worker_key = w.worker_key and w.in_scope
    left join core.job as j
        on c.worker_key = j.worker_key and c.occurred_on >= j.valid_from and c.occurred_on < coalesce(j.valid_to, date '9999-12-31')
    where c.is_held and c.is_career and c.fault is null
),

former as (
    select distinct h.conversation_key
    from held as h
    inner join core.job as j on h.worker_key = j.worker_key and h.partner_key = j.manager_key and j.valid_from <= h.occurred_on
)

select
    h.conversation_key, h.worker_key, h.spell_no, h.occurred_on, h.date_precision, h.partner_key, h.partner_role,
    case
        when h.partner_key = h.manager_key then 'line_manager'
        when h.partner_key is null and h.partner_role in ('coach_internal', 'coach_external') then 'coach'
        when h.partner_key is null then h.partner_role
        when h.partner_key = above.manager_key then 'skip_level'
        when f.conversation_key is not null then 'former_manager'
        when h.manager_key is null and h.partner_role in ('line_manager', 'skip_level', 'unknown') then h.partner_role
        when h.partner_role in ('line_manager', 'skip_level', 'unknown') then 'other'
        when h.partner_role in ('coach_internal', 'coach_external') then 'coach'
        else h.partner_role
    end as partner_relation,
    h.initiated_by, h.setting, h.channel, h.duration_min, h.duration_basis, h.purpose, h.support_type, h.is_prepared,
    case when h.rated_by = 'employee' then h.usefulness end as usefulness,
    h.career_content, h.status, h.confirmed_by, h.recorded_on, h.source_system, h.rated_by
from held as h
left join core.job as above
    on h.manager_key = above.worker_key and h.occurred_on >= above.valid_from and h.occurred_on < coalesce(above.valid_to, date '9999-12-31')
left join former as f on h.conversation_key = f.conversation_key
