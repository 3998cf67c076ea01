-- Employment spells: from a hire to the first day not employed. A rehire opens a new spell; two hires without an exit between
-- them are one spell. An exit that lies in the future ends a spell in the future: nobody has left yet.
with hire as (
    select worker_key, valid_from as hired_on
    from core.job_claim
    where change_type in ('hire', 'rehire')
    union
    select worker_key, latest_hire_date
    from core.worker
    where latest_hire_date is not null
),

leaving as (
    select
        worker_key,
        effective_on,
        type,
        decided_on,
        row_number() over (partition by worker_key order by effective_on) as nth
    from core.outcome_event
    where type like 'exit%'
),

numbered as (
    select h.worker_key, h.hired_on, count(l.nth) as exits_before
    from hire as h
    left join leaving as l on h.worker_key = l.worker_key and l.effective_on <= h.hired_on
    group by h.worker_key, h.hired_on
),

merged as (
    select worker_key, exits_before, min(hired_on) as started_on
    from numbered
    group by worker_key, exits_before
)

select
    m.worker_key,
    row_number() over (partition by m.worker_key order by m.started_on) as spell_no,
    m.started_on,
    l.effective_on as ended_on,
    l.type as exit_type,
    l.decided_on
from merged as m
left join leaving as l on m.worker_key = l.worker_key and l.nth = m.exits_before + 1
