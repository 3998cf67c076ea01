-- Exits from HiBob's lifecycle history, and moves from the change types of its work history. A termination takes effect at the end
-- of its day: that day is the last one employed. Somebody on garden leave has been given or has given notice by the day it begins.
-- Grain: one row per event of the newest exports.
with person as (
    select
        _id_space,
        upper(internal_id) as inside_id,
        upper(employee_id) as employee_number,
        row_number() over (partition by _id_space, upper(internal_id) order by _as_of desc, _line desc) as place
    from raw.hibob__employee
    where employee_id is not null
),

stated as (
    select
        coalesce(p.employee_number, 'HIBOB ID ' || upper(h.internal_id)) as whose,
        h.lifecycle_status,
        h.effective_on,
        h.reason_raw,
        lower(concat(coalesce(h.reason_type, ''), ' ', coalesce(h.reason_raw, ''))) as words,
        lag(lower(h.lifecycle_status)) over (partition by h._id_space, upper(h.internal_id) order by h.effective_on, h._line) as stage_before,
        lag(h.effective_on) over (partition by h._id_space, upper(h.internal_id) order by h.effective_on, h._line) as before_on,
        h._as_of
    from raw.hibob__lifecycle_history as h
    left join person as p on p.place = 1 and h._id_space = p._id_space and upper(h.internal_id) = p.inside_id
    where h._as_of = (select max(_as_of) from raw.hibob__lifecycle_history)
)

select
    whose as employee_id,
    case
        when words like '%retire%' or words like '%death%' or words like '%end of contract%' or words like '%mutual%' then 'exit_other'
        when words like '%involunt%' or words like '%dismiss%' or words like '%redundan%' or words like '%layoff%' then 'exit_involuntary'
        when words like '%volunt%' or words like '%resign%' then 'exit_voluntary'
        else 'exit_unknown'
    end as type,
    case when stage_before = 'garden leave' then before_on end as decided_on,
    effective_on + 1 as effective_on,
    effective_on as last_day_on,
    reason_raw,
    cast(null as boolean) as regretted,
    'hibob' as source_system,
    _as_of as recorded_on
from stated
where lower(lifecycle_status) = 'terminated'
union all
select
    coalesce(p.employee_number, 'HIBOB ID ' || upper(w.internal_id)) as employee_id,
    case when lower(w.change_raw) like '%promotion%' then 'promotion' when lower(w.change_raw) like '%demotion%' then 'demotion' else 'lateral' end as type,
    cast(null as date) as decided_on,
    w.effective_on,
    cast(null as date) as last_day_on,
    w.change_raw as reason_raw,
    cast(null as boolean) as regretted,
    'hibob' as source_system,
    w._as_of as recorded_on
from raw.hibob__work_history as w
left join person as p on p.place = 1 and w._id_space = p._id_space and upper(w.internal_id) = p.inside_id
where
    (lower(w.change_raw) like '%promotion%' or lower(w.change_raw) like '%demotion%' or lower(w.change_raw) like '%lateral%')
    and w._as_of = (select max(_as_of) from raw.hibob__work_history)
