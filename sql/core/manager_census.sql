-- Managers by where they stand themselves, for every published cut. Grain: one row per reporting day, cut and group. `squares` is
-- the sum of the squared numbers of reports: whole, as a deviation summed in floating point depends on the order of the rows. Of the
-- eligible ones, `recency_known` counts those of whom it is known whether they talked in the past 183 days, `recent` those who did.
with placed as (
    select
        m.as_of,
        c.cut,
        case c.cut
            when 'company' then 'company'
            when 'manager' then m.manager_key
            when 'career_stage' then m.career_stage
            when 'tenure_band' then m.tenure_band
            else o.ancestor_key
        end as group_key,
        case when c.cut = 'org_unit_career_stage' then m.career_stage else '' end as second_key,
        m.reports,
        m.is_eligible,
        m.is_recent
    from core.manager_standing as m
    cross join raw.cut as c
    left join core.org_at as o on c.is_by_unit and m.as_of = o.on_day and m.org_unit_key = o.descendant_key
)

select
    as_of,
    cut,
    group_key,
    second_key,
    count(*) as managers,
    sum(reports) as reports,
    sum(reports * reports) as squares,
    sum(case when is_eligible then 1 else 0 end) as eligible,
    count(case when is_eligible then is_recent end) as recency_known,
    sum(case when is_eligible and is_recent then 1 else 0 end) as recent
from placed
where group_key is not null
group by as_of, cut, group_key, second_key
