-- Leaves, merged where they touch or overlap. Grain: one row per worker and half-open period; no reasons. They pause clocks.
with resolved as (
    select
        x.worker_key,
        c.valid_from,
        coalesce(c.valid_to, date '9999-12-31') as valid_to,
        max(coalesce(c.valid_to, date '9999-12-31'))
            over (partition by x.worker_key order by c.valid_from, c.valid_to rows between unbounded preceding and 1 preceding) as reached
    from core.delivered_absence as c
    inner join core.worker_xref as x on c.employee_id = x.id_norm
),

island as (
    select
        resolved.*,
        sum(case when reached >= valid_from then 0 else 1 end)
            over (partition by worker_key order by valid_from, valid_to rows between unbounded preceding and current row) as island_no
    from resolved
)

select worker_key, min(valid_from) as valid_from, max(valid_to) as valid_to
from island
group by worker_key, island_no
