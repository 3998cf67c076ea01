-- Protected attributes as half-open periods. They stand apart: only tables of core may read them, no metric, list or model does.
-- Grain: one row per worker, attribute and period; of two values for one day one that was disclosed counts.
with ranked as (
    select
        x.worker_key,
        a.attribute,
        a.value,
        a.valid_from,
        row_number() over (
            partition by x.worker_key, a.attribute, a.valid_from order by case when a.value = 'undisclosed' then 1 else 0 end, a.value
        ) as place
    from staging.parley__equity_attribute as a
    inner join core.worker_xref as x on a.employee_id = x.id_norm
)

select
    worker_key,
    attribute,
    value,
    valid_from,
    lead(valid_from) over (partition by worker_key, attribute order by valid_from) as valid_to
from ranked
where place = 1
