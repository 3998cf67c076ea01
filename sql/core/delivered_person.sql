-- Who stands behind each id, export by export: what tells two people apart who had the same id. Grain: one row per source, worker id
-- and export, over all exports. Restricted like the identity table: names and birth dates go no further than the comparison of ids.
select employee_id, population, as_of, display_name, birth_on, coalesce(original_hire_date, hire_date) as hired_on, source_system
from core.delivered_snapshot
union all
select * from staging.workday__person
union all
select * from staging.workday_history__person
union all
select * from staging.parley__person
union all
-- Everybody whom a worker table knows has a key, whatever else is known of them.
select
    employee_id, '' as population, recorded_on, cast(null as varchar), cast(null as date), coalesce(original_hire_date, latest_hire_date), source_system
from core.delivered_worker
