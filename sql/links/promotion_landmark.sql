-- Who was promoted in the 365 days after a landmark passed in the two years up to a reporting day, of people whose grade had a rank below the
-- highest. Grain: one row per reporting day, landmark, calendar month of it (`stratum`: promotions have their season), status at it, and days
-- after it: `events` had a rise in grade decided that many days after it, `competing` gave notice or left before any, `censored` were followed up to the
-- day before without either.
with followed as (
    select
        d.as_of,
        l.band,
        extract(month from l.landmark_on) as stratum,
        l.status,
        least(365, date_diff('day', l.landmark_on, d.as_of) + 1) as followed_days,
        coalesce(date_diff('day', l.landmark_on, l.promoted_on), 9999) as promotion_day,
        coalesce(date_diff('day', l.landmark_on, l.noticed_on), 9999) as exit_day
    from links.landmark as l
    inner join raw.reporting_date as d on l.landmark_on <= d.as_of and l.landmark_on > d.two_years_before
    where l.is_below_top
)

select
    as_of,
    band,
    cast(stratum as integer) as stratum,
    status,
    cast(least(promotion_day, exit_day, followed_days) as integer) as day,
    sum(case when promotion_day < followed_days and promotion_day <= exit_day then 1 else 0 end) as events,
    sum(case when exit_day < followed_days and exit_day < promotion_day then 1 else 0 end) as competing,
    sum(case when promotion_day < followed_days or exit_day < followed_days then 0 else 1 end) as censored
from followed
group by as_of, band, stratum, status, least(promotion_day, exit_day, followed_days)
