-- Every unit above every unit, over time: the organisation as it was. Grain: one row per ancestor, descendant and half-open
-- period. Depth ends at 20, so a cycle (which is refused by a blocking check) cannot run for ever.
with recursive edge as (
    select org_unit_key, parent_key, valid_from, coalesce(valid_to, date '9999-12-31') as valid_to
    from core.org_unit
),

above as (
    select org_unit_key as ancestor_key, org_unit_key as descendant_key, 0 as depth, valid_from, valid_to
    from edge
    union
    select
        e.parent_key,
        a.descendant_key,
        a.depth + 1,
        greatest(a.valid_from, e.valid_from),
        least(a.valid_to, e.valid_to)
    from above as a
    inner join edge as e on a.ancestor_key = e.org_unit_key and e.valid_from < a.valid_to and a.valid_from < e.valid_to
    where e.parent_key is not null and a.depth < 20
)

select ancestor_key, descendant_key, depth, valid_from, valid_to
from above
