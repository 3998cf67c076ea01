-- Whether there were many or few internal openings for people of a unit, and of the units below it that say nothing of their own. Grain: one
-- row per unit and half-open period; a period ends where the next one of the unit begins.
with stated as (
    select o.*, lead(valid_from) over (partition by org_unit_key order by valid_from) as next_from
    from staging.parley__internal_opening as o
)

select
    org_unit_key,
    openings,
    valid_from,
    case when next_from < coalesce(valid_to, date '9999-12-31') then next_from else valid_to end as valid_to,
    source_system
from stated
