-- Work history from HiBob as half-open periods: a row holds until the next one of the person, of two rows of one day the lower
-- one holds. Ids inside HiBob become numbers in the company by the newest employee table that has them. What a change was is read
-- from its type; hires and rehires also from the lifecycle, where it begins, or begins again, on the same day. Grain: one row per employee and period of the newest export.
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
        h.*,
        coalesce(p.employee_number, 'HIBOB ID ' || upper(h.internal_id)) as whose,
        coalesce(m.employee_number, 'HIBOB ID ' || upper(h.manager_internal_id)) as manager_number,
        lower(h.change_raw) as change
    from raw.hibob__work_history as h
    left join person as p on p.place = 1 and h._id_space = p._id_space and upper(h.internal_id) = p.inside_id
    left join person as m on m.place = 1 and h._id_space = m._id_space and upper(h.manager_internal_id) = m.inside_id
    where h._as_of = (select max(_as_of) from raw.hibob__work_history)
),

phase as (
    select
        h._id_space,
        upper(h.internal_id) as inside_id,
        h.effective_on,
        lower(h.lifecycle_status) as stage,
        lag(lower(h.lifecycle_status)) over (partition by h._id_space, upper(h.internal_id) order by h.effective_on, h._line) as stage_before
    from raw.hibob__lifecycle_history as h
    where h._as_of = (select max(_as_of) from raw.hibob__lifecycle_history)
),

begun as (
    select _id_space, inside_id, effective_on, max(case when stage_before is null then 'hire' else 'rehire' end) as beginning
    from phase
    where stage in ('hired', 'employed') and coalesce(stage_before, 'terminated') = 'terminated'
    group by _id_space, inside_id, effective_on
),

lowest as (
    select stated.*, row_number() over (partition by whose, effective_on order by _line desc) as place
    from stated
)

select
    l.whose as employee_id,
    l.effective_on as valid_from,
    lead(l.effective_on) over (partition by l.whose order by l.effective_on) as valid_to,
    l.job_title,
    cast(null as varchar) as job_code,
    cast(null as varchar) as job_family,
    cast(null as varchar) as grade_code,
    cast(null as bigint) as grade_rank,
    l.department as org_unit_key,
    l.manager_number as manager_id,
    true as is_primary,
    l.location as location_code,
    l.change_raw,
    case
        when l.change like '%promotion%' then 'promotion'
        when l.change like '%demotion%' then 'demotion'
        when l.change like '%lateral%' then 'lateral'
        when l.change like '%transfer%' then 'transfer'
        when l.change like '%manager%' then 'manager_change'
        when l.change like '%reorg%' then 'reorg'
        when l.change like '%rehire%' then 'rehire'
        when l.change like '%new hire%' or l.change = 'hire' then 'hire'
        when l.change like '%title%' then 'title_only'
        else coalesce(b.beginning, 'unknown')
    end as change_type,
    'hibob' as source_system,
    l._as_of as recorded_on
from lowest as l
left join begun as b on l._id_space = b._id_space and upper(l.internal_id) = b.inside_id and l.effective_on = b.effective_on
where l.place = 1
