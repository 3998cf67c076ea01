-- What people in a place have in common with others: the covariates of the links, as a pattern with a number, and whom they work for, as a
-- cluster with one (the manager, or the unit where there is none). Grain: one row per place and months in which its unit was in one division.
with placed as (
    select
        p.place_key,
        d.first_month,
        d.last_month,
        coalesce(p.manager_key, p.org_unit_key) as cluster_key,
        d.division_key,
        coalesce(p.grade_code, 'unknown') as grade,
        coalesce(p.job_family, 'unknown') as job_family,
        coalesce(p.location_code, 'unknown') as location,
        coalesce(p.career_stage, 'unknown') as career_stage
    from core.place as p
    inner join links.division as d on p.org_unit_key = d.org_unit_key
)

select
    cast(dense_rank() over (order by place_key) as integer) as place_no,
    cast(dense_rank() over (order by cluster_key) as integer) as cluster_no,
    cast(dense_rank() over (order by division_key, grade, job_family, location, career_stage) as integer) as pattern_no,
    place_key,
    first_month,
    last_month,
    division_key as division,
    grade,
    job_family,
    location,
    career_stage
from placed
