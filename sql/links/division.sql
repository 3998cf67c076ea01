-- The division of every unit in which people have been, over time: the unit below the topmost one, or that itself; a unit of which nothing
-- is known at a time is its own. Grain: one row per unit and months from the first to the last (numbered as in links.stint).
with unit as (
    select org_unit_key
    from core.place
    where org_unit_key is not null
    group by org_unit_key
),

turn as (
    select org_unit_key, date '1900-01-01' as on_day from unit
    union
    select org_unit_key, date '9999-12-31' from unit
    union
    select u.org_unit_key, c.valid_from from unit as u inner join core.org_closure as c on u.org_unit_key = c.descendant_key
    union
    select u.org_unit_key, c.valid_to from unit as u inner join core.org_closure as c on u.org_unit_key = c.descendant_key
),

span as (
    select org_unit_key, on_day as valid_from, lead(on_day) over (partition by org_unit_key order by on_day) as valid_to
    from turn
),

ranked as (
    select
        s.org_unit_key,
        s.valid_from,
        s.valid_to,
        c.ancestor_key,
        row_number() over (partition by s.org_unit_key, s.valid_from order by c.depth desc, c.ancestor_key) as from_top,
        count(*) over (partition by s.org_unit_key, s.valid_from) as levels
    from span as s
    left join core.org_closure as c
        on s.org_unit_key = c.descendant_key and s.valid_from >= c.valid_from and s.valid_from < c.valid_to
    where s.valid_to is not null
),

placed as (
    select
        org_unit_key,
        coalesce(ancestor_key, org_unit_key) as division_key,
        cast(extract(year from valid_from) * 12 + extract(month from valid_from) + 1 as integer) as first_month,
        cast(extract(year from valid_to) * 12 + extract(month from valid_to) as integer) as last_month
    from ranked
    where from_top = 2 or levels = 1
)

select org_unit_key, division_key, first_month, last_month
from placed
where first_month <= last_month
