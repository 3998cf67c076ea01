-- Employment spells: from a hire to the first day not employed. A rehire opens a new spell; two hires without an exit between
-- them are one spell, from the first of them, but a hire date that a later snapshot corrects is replaced. An exit that lies in the future ends a spell in the future: nobody has left yet.
with hire as (
    select worker_key, valid_from as hired_on, date '1900-01-01' as recorded_on
    from core.job_claim
    where change_type in ('hire', 'rehire')
    union
    select w.worker_key, w.latest_hire_date, date '1900-01-01'
    from core.worker as w
    left join core.worker_snapshot as s on w.worker_key = s.worker_key
    where w.latest_hire_date is not null and s.worker_key is null
    union
    select worker_key, hired_on, recorded_on from core.snapshot_spell
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
    select h.worker_key, h.hired_on, h.recorded_on, count(l.nth) as exits_before
    from hire as h
    left join leaving as l on h.worker_key = l.worker_key and l.effective_on <= h.hired_on
    group by h.worker_key, h.hired_on, h.recorded_on
),

ranked as (
    select
        numbered.*,
        row_number() over (partition by worker_key, exits_before order by recorded_on desc, hired_on) as place
    from numbered
),

merged as (
    select worker_key, exits_before, hired_on as started_on
    from ranked
    where place = 1
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
