-- The groups a leaf of a cut belongs to on each reporting day and point of the flow calendar: a unit to all units above it as the
-- organisation was that day, anything else to itself. Grain: one row per day, leaf and group.
with leaf as (
    select distinct leaf_key
    from core.place_cell
    where not is_by_unit
),

day as (
    select as_of as on_day from raw.reporting_date
    union
    select point_on from raw.flow_point
)

select on_day, true as is_by_unit, descendant_key as leaf_key, ancestor_key as group_key
from core.org_at
union all
select d.on_day, false, l.leaf_key, l.leaf_key
from leaf as l
cross join day as d
