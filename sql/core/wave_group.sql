-- The groups a leaf of a cut belongs to on the day a wave of a survey closed: a unit to all units above it as the organisation was that
-- day, anything else to itself. Grain: one row per closing day, leaf and group.
with leaf as (
    select distinct leaf_key
    from core.place_cell
    where not is_by_unit
),

closing as (
    select distinct closed_on
    from core.survey_wave
)

select d.closed_on, true as is_by_unit, c.descendant_key as leaf_key, c.ancestor_key as group_key
from core.org_closure as c
inner join closing as d on d.closed_on >= c.valid_from and d.closed_on < c.valid_to
union all
select d.closed_on, false, l.leaf_key, l.leaf_key
from leaf as l
cross join closing as d
