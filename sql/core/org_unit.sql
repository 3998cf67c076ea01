-- Organisational units over time. Grain: one row per unit and half-open period. A unit that only job rows name
-- stands by itself, unless its system delivers its units and does not know it.
with claim as (
    select
        d.org_unit_key, d.valid_from, d.valid_to, d.name, d.type, d.parent_key, x.worker_key as head_worker_key, d.source_system, d.recorded_on
    from core.delivered_unit as d
    left join core.worker_xref as x on d.head_id = x.id_norm
    union all
    select org_unit_key, valid_from, valid_to, name, type, parent_key, cast(null as varchar), source_system, recorded_on
    from core.snapshot_unit
),

ranked as (
    select claim.*, row_number() over (partition by org_unit_key, valid_from order by recorded_on desc, source_system, parent_key) as place
    from claim
),

followed as (
    select ranked.*, lead(valid_from) over (partition by org_unit_key order by valid_from) as next_from
    from ranked
    where place = 1
),

named_by_jobs as (
    select j.org_unit_key, min(j.source_system) as source_system, max(j.recorded_on) as recorded_on
    from core.job_claim as j
    left join claim as c on j.org_unit_key = c.org_unit_key
    left join core.delivered_unit as u on j.source_system = u.source_system
    where j.org_unit_key is not null and c.org_unit_key is null and u.source_system is null
    group by j.org_unit_key
)

select
    org_unit_key,
    valid_from,
    case when next_from < coalesce(valid_to, date '9999-12-31') then next_from else valid_to end as valid_to,
    name,
    type,
    parent_key,
    head_worker_key,
    source_system,
    recorded_on
from followed
union all
select
    org_unit_key,
    date '1930-01-01' as valid_from,
    cast(null as date) as valid_to,
    org_unit_key as name,
    'department' as type,
    cast(null as varchar) as parent_key,
    cast(null as varchar) as head_worker_key,
    source_system,
    recorded_on
from named_by_jobs
