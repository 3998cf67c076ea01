-- Organisational units over time. Grain: one row per unit and half-open period.
with claim as (
    select * from staging.workday__org_unit
    union all
    select * from staging.workday_history__org_unit
    union all
    select * from staging.parley__org_unit
),

ranked as (
    select claim.*, row_number() over (partition by org_unit_key, valid_from order by recorded_on desc, source_system) as place
    from claim
),

followed as (
    select ranked.*, lead(valid_from) over (partition by org_unit_key order by valid_from) as next_from
    from ranked
    where place = 1
)

select
    r.org_unit_key,
    r.valid_from,
    case when r.next_from < coalesce(r.valid_to, date '9999-12-31') then r.next_from else r.valid_to end as valid_to,
    r.name,
    r.type,
    r.parent_key,
    x.worker_key as head_worker_key,
    r.source_system
from followed as r
left join core.worker_xref as x on r.head_id = x.id_norm
