-- The smallest group of each published cut that a place belongs to; `leaf_key` is the unit itself, before any unit above it. Grain: one
-- row per place and cut; in the cut 'place', which is never published, the group is the place. Who has no manager, grade, job family or location is in no group of that cut.
with dimension as (
    select place_key, '' as name, '' as group_key from core.place
    union all
    select place_key, 'company', 'company' from core.place
    union all
    select place_key, 'org_unit', org_unit_key from core.place
    union all
    select place_key, 'manager', manager_key from core.place
    union all
    select place_key, 'career_stage', career_stage from core.place
    union all
    select place_key, 'tenure_band', tenure_band from core.place
    union all
    select place_key, 'grade', grade_code from core.place
    union all
    select place_key, 'job_family', job_family from core.place
    union all
    select place_key, 'location', location_code from core.place
    union all
    select place_key, 'place', place_key from core.place
)

select f.place_key, c.cut, c.first_dimension = 'org_unit' as is_by_unit, f.group_key as leaf_key, s.group_key as second_key
from raw.cut as c
inner join dimension as f on c.first_dimension = f.name
inner join dimension as s on c.second_dimension = s.name and f.place_key = s.place_key
where f.group_key is not null and s.group_key is not null
