-- The organisation as it was on each reporting day and on each point of the flow calendar. Grain: day, ancestor, descendant.
with day as (
    select as_of as on_day from raw.reporting_date
    union
    select point_on from raw.flow_point
)

select d.on_day, c.ancestor_key, c.descendant_key, c.depth
from core.org_closure as c
inner join day as d on d.on_day >= c.valid_from and d.on_day < c.valid_to
