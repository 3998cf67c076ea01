-- Workers from a connector's history tables: of a worker's rows the one valid on the day of the export, else the latest.
-- Grain: one row per worker.
with ranked as (
    select
        h.*,
        row_number() over (
            partition by upper(h.worker_id)
            order by
                case
                    when cast(h.row_valid_from as date) > h._as_of or cast(h.row_valid_to as date) < h._as_of then 1 else 0
                end,
                coalesce(h.row_valid_from, timestamp '1930-01-01 00:00:00') desc,
                h._line desc
        ) as place
    from raw.workday_history__worker as h
    where h.is_active_row and h._as_of = (select max(_as_of) from raw.workday_history__worker)
)

select
    upper(worker_id) as employee_id,
    original_hire_date,
    hire_date as latest_hire_date,
    case when retired then 'retired' when termination_date is not null then 'terminated' when active then 'active' else 'unknown' end
        as employment_status,
    'unknown' as employment_type,
    cast(null as double) as fte,
    upper(home_country) as country,
    expected_retirement_date as planned_exit_on,
    cast(null as boolean) as in_scope,
    'workday_history' as source_system,
    _as_of as recorded_on
from ranked
where place = 1
