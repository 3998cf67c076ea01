-- Career conversations with somebody other than the boss that lie 90 days before the last exit or the horizon of the data, and whether the line
-- manager of the time was talked to within those 90 days. Grain: one row per conversation. `is_followed` is null where nobody knows: a source did not cover
-- all of the 90 days, or a conversation in them has no partner on record, and no conversation with the manager is known.
with matured as (
    select t.conversation_key, t.worker_key, t.occurred_on, t.place_key, e.spell_no
    from core.talk as t
    inner join core.employment as e on t.worker_key = e.worker_key and t.occurred_on >= e.started_on and t.occurred_on < e.ends_on
    where t.partner_relation not in ('unknown', 'line_manager') and date_diff('day', t.occurred_on, e.ends_on) > 90
),

later as (
    select
        m.conversation_key,
        max(case when f.partner_relation = 'line_manager' then 1 else 0 end) as with_manager,
        max(case when f.partner_relation = 'unknown' then 1 else 0 end) as with_unknown
    from matured as m
    inner join core.talk as f on m.worker_key = f.worker_key and f.occurred_on >= m.occurred_on and f.occurred_on <= m.occurred_on + 90
    group by m.conversation_key
)

select
    m.conversation_key,
    m.worker_key,
    m.occurred_on,
    m.place_key,
    case
        when l.with_manager = 1 then true
        when l.with_unknown = 1 or c.worker_key is null then null
        else false
    end as is_followed
from matured as m
inner join later as l on m.conversation_key = l.conversation_key
left join core.capture_span as c
    on c.scope = 'event' and m.worker_key = c.worker_key and m.spell_no = c.spell_no and m.occurred_on >= c.valid_from and m.occurred_on + 90 < c.valid_to
