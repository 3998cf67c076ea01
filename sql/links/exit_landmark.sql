-- How people who passed a landmark in the two years up to a reporting day fared in the 365 days after it. Grain: one row per reporting day,
-- landmark, status at it, and days after it: `events` gave notice by choice that many days after it, `competing` left in another way,
-- `censored` were followed up to the day before and were still there. Everybody is in one stratum.
with followed as (
    select
        d.as_of,
        l.band,
        l.status,
        l.exit_type,
        date_diff('day', l.landmark_on, l.noticed_on) as exit_day,
        least(365, date_diff('day', l.landmark_on, d.as_of) + 1) as followed_days
    from links.landmark as l
    inner join raw.reporting_date as d on l.landmark_on <= d.as_of and l.landmark_on > d.two_years_before
)

select
    as_of,
    band,
    0 as stratum,
    status,
    cast(least(coalesce(exit_day, followed_days), followed_days) as integer) as day,
    sum(case when exit_day < followed_days and exit_type = 'exit_voluntary' then 1 else 0 end) as events,
    sum(case when exit_day < followed_days and exit_type <> 'exit_voluntary' then 1 else 0 end) as competing,
    sum(case when exit_day < followed_days then 0 else 1 end) as censored
from followed
group by as_of, band, status, least(coalesce(exit_day, followed_days), followed_days)
