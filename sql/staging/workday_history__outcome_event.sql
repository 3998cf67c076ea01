-- Exits from a connector's worker history, of each worker as in the row valid on the day of the export, else the latest.
-- Grain: one row per exit.
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
    case
        when retired then 'exit_other'
        when termination_involuntary then 'exit_involuntary'
        when lower(primary_termination_category) like '%involuntary%' then 'exit_involuntary'
        when lower(primary_termination_category) like '%voluntary%' then 'exit_voluntary'
        else 'exit_unknown'
    end as type,
    resignation_date as decided_on,
    termination_date + 1 as effective_on,
    termination_date as last_day_on,
    primary_termination_reason as reason_raw,
    regrettable_termination as regretted,
    'workday_history' as source_system,
    _as_of as recorded_on
from ranked
where place = 1 and termination_date is not null
