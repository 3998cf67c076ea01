-- When a person was covered by any source ('any'), and by one that records single conversations ('event'), merged where periods
-- touch or overlap. Grain: one row per scope, worker, spell and half-open period.
with scoped as (
    select 'any' as scope, worker_key, spell_no, valid_from, valid_to from core.capture_claim
    union all
    select 'event' as scope, worker_key, spell_no, valid_from, valid_to from core.capture_claim where is_event_grain
),

reached as (
    select
        scoped.*,
        max(valid_to) over (
            partition by scope, worker_key, spell_no order by valid_from, valid_to rows between unbounded preceding and 1 preceding
        ) as reached_to
    from scoped
),

island as (
    select
        reached.*,
        sum(case when reached_to >= valid_from then 0 else 1 end) over (
            partition by scope, worker_key, spell_no order by valid_from, valid_to rows between unbounded preceding and current row
        ) as island_no
    from reached
)

select scope, worker_key, spell_no, min(valid_from) as valid_from, max(valid_to) as valid_to
from island
group by scope, worker_key, spell_no, island_no
