-- Job information from BambooHR as half-open periods: a row holds until the next one of the person, of two rows of one day the
-- lower one holds. The internal ids of the table become employee numbers by the newest report that has both; one that is in no
-- report is marked, lest it be taken for somebody's number. Hires and rehires are known where the history of the employment status
-- begins, or begins again, on the same day. Grain: one row per employee and period of the newest export.
with person as (
    select
        _id_space,
        upper(internal_id) as inside_id,
        upper(employee_id) as employee_number,
        row_number() over (partition by _id_space, upper(internal_id) order by _as_of desc, _line desc) as place
    from raw.bamboohr__worker
    where internal_id is not null
),

named as (
    select _id_space, going_by, min(employee_number) as employee_number
    from (
        select _id_space, upper(employee_id) as employee_number, lower(first_name || ' ' || last_name) as going_by
        from raw.bamboohr__worker
        union
        select _id_space, upper(employee_id), lower(last_name || ', ' || first_name)
        from raw.bamboohr__worker
    ) as spelled
    where going_by is not null
    group by _id_space, going_by
    having count(distinct employee_number) = 1
),

stated as (
    select
        j.*,
        coalesce(upper(j.employee_id), p.employee_number, 'BAMBOOHR ID ' || upper(j.internal_id)) as whose,
        coalesce(m.employee_number, n.employee_number) as manager_number
    from raw.bamboohr__job_info as j
    left join person as p on p.place = 1 and j._id_space = p._id_space and upper(j.internal_id) = p.inside_id
    left join person as m on m.place = 1 and j._id_space = m._id_space and upper(j.manager_internal_id) = m.inside_id
    left join named as n on j._id_space = n._id_space and lower(j.manager_name) = n.going_by
    where j._as_of = (select max(_as_of) from raw.bamboohr__job_info)
),

phase as (
    select
        coalesce(upper(e.employee_id), p.employee_number, 'BAMBOOHR ID ' || upper(e.internal_id)) as whom,
        e.changed_on,
        lower(e.employment_status) as stage,
        lag(lower(e.employment_status)) over (
            partition by coalesce(upper(e.employee_id), p.employee_number, 'BAMBOOHR ID ' || upper(e.internal_id)) order by e.changed_on, e._line
        ) as stage_before
    from raw.bamboohr__employment_status as e
    left join person as p on p.place = 1 and e._id_space = p._id_space and upper(e.internal_id) = p.inside_id
    where e._as_of = (select max(_as_of) from raw.bamboohr__employment_status)
),

begun as (
    select whom, changed_on, max(case when stage_before is null then 'hire' else 'rehire' end) as beginning
    from phase
    where stage <> 'terminated' and coalesce(stage_before, 'terminated') = 'terminated'
    group by whom, changed_on
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
    coalesce(case when l.division <> l.department then l.division || ' / ' || l.department end, l.department, l.division) as org_unit_key,
    l.manager_number as manager_id,
    true as is_primary,
    l.location as location_code,
    cast(null as varchar) as change_raw,
    coalesce(b.beginning, 'unknown') as change_type,
    'bamboohr' as source_system,
    l._as_of as recorded_on
from lowest as l
left join begun as b on l.whose = b.whom and l.effective_on = b.changed_on
where l.place = 1
