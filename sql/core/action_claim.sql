-- Every action delivered, owner and conversation resolved, with the fault that keeps it out of the metrics, if any. An action of a
-- conversation that does not count is no fault of its own. Grain: one row per source and action, the newest delivery.
with newest as (
    select
        d.*,
        row_number() over (partition by source_system, action_id order by delivered_on desc, delivered_line desc) as place
    from core.delivered_action as d
)

select
    n.source_system || ':' || n.action_id as action_key,
    n.source_system || ':' || n.conversation_id as conversation_key,
    o.worker_key as owner_key,
    n.agreed_on,
    n.due_on,
    coalesce(n.due_on, n.agreed_on + 90) as due_by,
    n.done_on,
    n.reviewed_on,
    n.status,
    n.recorded_on,
    n.source_system,
    case
        when c.conversation_key is null then 'orphan'
        when o.worker_key is null then 'unknown_owner'
        when n.agreed_on > run.as_of or n.done_on > run.as_of or n.reviewed_on > run.as_of then 'future'
        when n.due_on < n.agreed_on then 'due_before_agreed'
        when n.done_on < n.agreed_on then 'done_before_agreed'
        when n.reviewed_on < n.agreed_on then 'reviewed_before_agreed'
    end as fault
from newest as n
cross join raw.run as run
left join core.conversation_claim as c on n.source_system || ':' || n.conversation_id = c.conversation_key
left join core.worker_xref as o on n.owner_id = o.id_norm
where n.place = 1
