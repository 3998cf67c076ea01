-- Months from whose beginning people have been followed for six months: of them it is known who gave notice in that time. Grain: one row per month, numbered
-- as in links.stint, with its first day.
with begun as (
    select
        k.on_day as origin_on,
        extract(year from k.on_day) * 12 + extract(month from k.on_day) as origin_month,
        extract(year from run.horizon) * 12 + extract(month from run.horizon) as present_month
    from raw.calendar as k
    cross join raw.run as run
    where extract(day from k.on_day) = 1
)

select origin_month, origin_on
from begun
where origin_month + 6 <= present_month
