-- The months that begin in the two years up to a reporting day, numbered from the year 0 on (12 to a year). Grain: one row per reporting day.
select
    as_of,
    extract(year from two_years_before) * 12 + extract(month from two_years_before) + 1 as first_month,
    extract(year from as_of) * 12 + extract(month from as_of) as last_month
from raw.reporting_date
