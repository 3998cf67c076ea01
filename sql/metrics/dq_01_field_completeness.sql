-- DQ-01 Fields filled in
-- family: Data quality
-- label: Fields filled in
-- question: Which fields are missing?
-- definition: Share of rows in which a field is known, by source and field.
-- numerator: Rows with a value other than unknown
-- denominator: Rows
-- window: All data of the load
-- exclusions: None.
-- unit: share
-- better: higher
-- interval: counts
-- source: Completeness as data-quality standards define it
-- version: 1
with filling as (
    select source_system, 'partner_relation' as field, count(*) as fields, sum(case when partner_relation <> 'unknown' then 1 else 0 end) as filled
    from core.conversation
    group by source_system
    union all
    select source_system, 'initiated_by' as field, count(*) as fields, sum(case when initiated_by <> 'unknown' then 1 else 0 end) as filled
    from core.conversation
    group by source_system
    union all
    select source_system, 'setting' as field, count(*) as fields, sum(case when setting <> 'unknown' then 1 else 0 end) as filled
    from core.conversation
    group by source_system
    union all
    select source_system, 'channel' as field, count(*) as fields, sum(case when channel <> 'unknown' then 1 else 0 end) as filled
    from core.conversation
    group by source_system
    union all
    select source_system, 'purpose' as field, count(*) as fields, sum(case when purpose <> 'unknown' then 1 else 0 end) as filled
    from core.conversation
    group by source_system
    union all
    select source_system, 'duration_min', count(*), count(duration_min)
    from core.conversation
    group by source_system
    union all
    select source_system, 'support_type', count(*), count(support_type)
    from core.conversation
    group by source_system
    union all
    select source_system, 'is_prepared', count(*), count(is_prepared)
    from core.conversation
    group by source_system
    union all
    select source_system, 'usefulness', count(*), count(usefulness)
    from core.conversation
    group by source_system
    union all
    select source_system, 'exit_type', count(*), sum(case when type <> 'exit_unknown' then 1 else 0 end)
    from core.outcome_event
    where type like 'exit%'
    group by source_system
    union all
    select source_system, 'org_unit_key', count(*), count(org_unit_key)
    from core.job
    group by source_system
    union all
    select source_system, 'manager_key', count(*), count(manager_key)
    from core.job
    group by source_system
    union all
    select source_system, 'last_on', count(*), count(last_on)
    from core.conversation_snapshot
    group by source_system
)

select
    run.as_of,
    'source_field' as cut,
    f.source_system as group_key,
    f.field as second_key,
    '' as band,
    cast(f.filled as double) as numerator,
    cast(f.fields as double) as denominator,
    cast(f.fields as bigint) as people,
    cast(0 as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from filling as f
cross join raw.run as run
