-- Workers as they stood, from the template, all files; a day that a later file speaks of again is taken from there. Retirement,
-- death and the end of a contract are neither by choice nor by force, whatever the system files them under. A unit without an
-- id is known by its name. Grain: one row per worker and day the row speaks of, as delivered.
with stated as (
    select
        s.*,
        coalesce(s.as_of, s._as_of) as stands_on,
        lower(s.reason_raw) as reason,
        s.last_day_on is not null
        or coalesce(s.employment_status in ('terminated', 'retired', 'terminated_voluntarily', 'terminated_for_cause'), false)
            as is_leaver
    from raw.parley__worker_snapshot as s
),

ranked as (
    select stated.*, rank() over (partition by upper(employee_id), _id_space, stands_on order by _as_of desc) as place
    from stated
)

select
    upper(employee_id) as employee_id,
    stands_on as as_of,
    _id_space as population,
    coalesce(display_name, nullif(trim(concat(coalesce(first_name, ''), ' ', coalesce(last_name, ''))), '')) as display_name,
    work_email,
    birth_on,
    original_hire_date,
    hire_date,
    last_day_on,
    decided_on,
    case
        when not is_leaver then null
        when
            employment_status = 'retired'
            or reason in ('retirement', 'retired', 'death', 'deceased', 'end of contract', 'contract end', 'ruhestand', 'rente')
            then 'exit_other'
        when exit_type <> 'none' and exit_type <> 'exit_unknown' then exit_type
        when employment_status = 'terminated_voluntarily' then 'exit_voluntary'
        when employment_status = 'terminated_for_cause' then 'exit_involuntary'
        when reason in ('resignation', 'resignaton', 'resigned', 'voluntary') then 'exit_voluntary'
        when reason in ('layoff', 'laid off', 'redundancy', 'dismissal', 'involuntary') then 'exit_involuntary'
        else 'exit_unknown'
    end as exit_type,
    case when is_leaver then reason_raw end as reason_raw,
    regretted,
    case
        when employment_status in ('terminated_voluntarily', 'terminated_for_cause') then 'terminated'
        when employment_status is not null then employment_status
        when last_day_on < stands_on then 'terminated'
        else 'unknown'
    end as employment_status,
    coalesce(employment_type, 'unknown') as employment_type,
    fte,
    case when length(country) = 2 then upper(country) end as country,
    planned_exit_on,
    in_scope,
    job_title,
    job_code,
    job_family,
    grade_code,
    grade_rank,
    coalesce(org_unit_key, org_unit_name) as org_unit_key,
    org_unit_name,
    coalesce(org_unit_type, 'department') as org_unit_type,
    coalesce(parent_unit_key, parent_unit_name) as parent_unit_key,
    parent_unit_name,
    upper(manager_id) as manager_id,
    manager_name,
    location_code,
    job_started_on,
    'parley' as source_system,
    _as_of as recorded_on
from ranked
where place = 1
