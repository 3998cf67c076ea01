-- The division of a unit on each reporting day and on each point of the flow calendar: the unit below the topmost one above it, or that itself, as the organisation was
-- that day. Grain: one row per day and unit that was in the organisation then.
with ranked as (
    select
        on_day, descendant_key, ancestor_key,
        row_number() over (partition by on_day, descendant_key order by depth desc, ancestor_key) as from_top,
        count(*) over (partition by on_day, descendant_key) as levels
    from core.org_at
)

select on_day, descendant_key as org_unit_key, ancestor_key as division_key
from ranked
where from_top = 2 or levels = 1
