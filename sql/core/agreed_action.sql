-- What was agreed in career conversations, and what came of it. Grain: one row per action. One that is noted with a record that repeats
-- a conversation belongs to the record that counts. `matured_on` is 30 days after the action was due, `is_owner_there` whether its owner was
-- employed that day; `next_on` is the employee's next career conversation in the same spell.
with told as (
    select a.action_key, min(k.conversation_key) as conversation_key
    from core.action as a
    inner join core.conversation_claim as c on a.conversation_key = c.conversation_key
    inner join core.conversation as k
        on c.worker_key = k.worker_key
        and c.occurred_on = k.occurred_on
        and (
            c.conversation_key = k.conversation_key
            or (c.fault = 'duplicate' and coalesce(c.partner_key, c.partner_role) = coalesce(k.partner_key, k.partner_role))
        )
    group by a.action_key
),

talking_day as (
    select distinct worker_key, spell_no, occurred_on
    from core.conversation
),

sequel as (
    select
        d.*,
        lead(occurred_on) over (partition by worker_key, spell_no order by occurred_on) as next_on
    from talking_day as d
)

select
    a.action_key,
    k.conversation_key,
    k.worker_key,
    a.owner_key,
    k.occurred_on,
    t.place_key,
    a.status,
    a.done_on,
    a.due_by + 30 as matured_on,
    s.worker_key is not null as is_owner_there,
    a.reviewed_on,
    n.next_on
from told as w
inner join core.action as a on w.action_key = a.action_key
inner join core.conversation as k on w.conversation_key = k.conversation_key
inner join core.talk as t on k.conversation_key = t.conversation_key
inner join sequel as n on k.worker_key = n.worker_key and k.spell_no = n.spell_no and k.occurred_on = n.occurred_on
left join core.spell as s
    on a.owner_key = s.worker_key and a.due_by + 30 >= s.started_on and a.due_by + 30 < coalesce(s.ended_on, date '9999-12-31')
