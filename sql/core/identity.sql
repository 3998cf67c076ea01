-- Names and work addresses: the only table that holds them. No metric, cell or list may read it.
with claim as (
    select employee_id, display_name, work_email, preferred_language, source_system, recorded_on from core.delivered_name
    union all
    select employee_id, display_name, work_email, cast(null as varchar), source_system, recorded_on from core.delivered_snapshot
),

ranked as (
    select
        x.worker_key,
        claim.*,
        row_number() over (
            partition by x.worker_key order by case when display_name is null then 1 else 0 end, recorded_on desc, source_system, display_name
        ) as place
    from claim
    inner join core.worker_xref as x on claim.employee_id = x.id_norm
)

select worker_key, display_name, work_email, preferred_language
from ranked
where place = 1
