-- The last wave that had closed by each reporting day and asked people about themselves what a construct measures, by its closing day.
-- Grain: one row per reporting day and construct. Waves that close on one day count together.
with asked as (
    select distinct construct, closed_on
    from core.response
    where about_key is null
)

select d.as_of, a.construct, max(a.closed_on) as closed_on
from asked as a
inner join raw.reporting_date as d on a.closed_on <= d.as_of
group by d.as_of, a.construct
