-- The units that snapshots name, as effective-dated rows. Grain: one row per source, unit and half-open period with one name and
-- parent. The first period begins at the beginning of time, as nothing is known to the contrary. Of several parents the commonest counts.
with named as (
    select source_system, as_of, org_unit_key, org_unit_name as unit_name, org_unit_type as unit_type, parent_unit_key as parent_key, count(*) as people
    from core.worker_snapshot
    where org_unit_key is not null
    group by source_system, as_of, org_unit_key, org_unit_name, org_unit_type, parent_unit_key
    union all
    select source_system, as_of, parent_unit_key, parent_unit_name, 'division', cast(null as varchar), count(*)
    from core.worker_snapshot
    where parent_unit_key is not null
    group by source_system, as_of, parent_unit_key, parent_unit_name
),

ranked as (
    select
        named.*,
        row_number() over (
            partition by source_system, as_of, org_unit_key
            order by case when parent_key is null then 1 else 0 end, people desc, unit_name, parent_key
        ) as place
    from named
    where parent_key is null or parent_key <> org_unit_key
),

stepped as (
    select
        ranked.*,
        lag(as_of) over (partition by source_system, org_unit_key order by as_of) as previous_on,
        lag(coalesce(unit_name, '') || '|' || coalesce(parent_key, '')) over (partition by source_system, org_unit_key order by as_of) as previous_state
    from ranked
    where place = 1
)

select
    source_system,
    org_unit_key,
    case when previous_on is null then date '1930-01-01' else as_of end as valid_from,
    lead(as_of) over (partition by source_system, org_unit_key order by as_of) as valid_to,
    coalesce(unit_name, org_unit_key) as name,
    unit_type as type,
    parent_key,
    as_of as recorded_on
from stepped
where previous_on is null or previous_state is distinct from coalesce(unit_name, '') || '|' || coalesce(parent_key, '')
