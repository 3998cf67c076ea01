-- Leaves from HiBob's lifecycle history as half-open periods, no reasons: from the day a kind of leave begins to that of the next
-- status. Garden leave is the end of an employment, no leave. Grain: one row per leave of the newest export.
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
        lower(h.lifecycle_status) as stage,
        h.effective_on,
        lead(h.effective_on) over (partition by h._id_space, upper(h.internal_id) order by h.effective_on, h._line) as next_on,
        h._as_of
    from raw.hibob__lifecycle_history as h
    left join person as p on p.place = 1 and h._id_space = p._id_space and upper(h.internal_id) = p.inside_id
    where h._as_of = (select max(_as_of) from raw.hibob__lifecycle_history)
)

select whose as employee_id, effective_on as valid_from, next_on as valid_to, 'hibob' as source_system, _as_of as recorded_on
from stated
where stage like '%leave%' and stage <> 'garden leave'
