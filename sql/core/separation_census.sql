-- Exits between a reporting day and the one before it, by kind, for every published cut. Grain: one row per reporting day, cut and group.
with placed as (
    select
        d.as_of,
        c.cut,
        case c.cut
            when 'company' then 'company'
            when 'manager' then s.manager_key
            when 'career_stage' then s.career_stage
            when 'tenure_band' then s.tenure_band
            else o.ancestor_key
        end as group_key,
        case when c.cut = 'org_unit_career_stage' then s.career_stage else '' end as second_key,
        s.exit_type
    from core.separation as s
    inner join raw.reporting_date as d on s.last_day_on <= d.as_of and s.last_day_on > d.previous_as_of
    cross join raw.cut as c
    left join core.org_at as o on c.is_by_unit and d.as_of = o.on_day and s.org_unit_key = o.descendant_key
)

select
    as_of,
    cut,
    group_key,
    second_key,
    sum(case when exit_type = 'exit_voluntary' then 1 else 0 end) as voluntary,
    sum(case when exit_type = 'exit_involuntary' then 1 else 0 end) as involuntary,
    sum(case when exit_type in ('exit_other', 'exit_unknown') then 1 else 0 end) as other,
    sum(case when exit_type = 'exit_unknown' then 1 else 0 end) as kind_unknown
from placed
where group_key is not null
group by as_of, cut, group_key, second_key
