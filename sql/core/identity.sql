-- Names and work addresses: the only table that holds them. No metric, cell or list may read it.
with claim as (
    select * from staging.workday__identity
    union all
    select * from staging.parley__identity
),

ranked as (
    select claim.*, row_number() over (partition by employee_id order by recorded_on desc, source_system) as place
    from claim
)

select x.worker_key, r.display_name, r.work_email, r.preferred_language
from ranked as r
inner join core.worker_xref as x on r.employee_id = x.id_norm
where r.place = 1
