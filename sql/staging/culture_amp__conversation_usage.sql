-- Shares of direct reports with whom a manager used Culture Amp's 1-on-1s, a row for every window; the newest of two reports of one day.
-- Grain: one row per manager, report date and window.
with claim as (
    select manager_email, direct_reports, _as_of, _line, 7 as days, used_7_days as percentage from raw.culture_amp__usage
    union all
    select manager_email, direct_reports, _as_of, _line, 14, used_14_days from raw.culture_amp__usage
    union all
    select manager_email, direct_reports, _as_of, _line, 30, used_30_days from raw.culture_amp__usage
    union all
    select manager_email, direct_reports, _as_of, _line, 90, used_90_days from raw.culture_amp__usage
    union all
    select manager_email, direct_reports, _as_of, _line, 365, used_12_months from raw.culture_amp__usage
),

ranked as (
    select claim.*, row_number() over (partition by upper(manager_email), _as_of, days order by _line desc, percentage desc) as place
    from claim
    where percentage is not null
)

select
    'manager' as unit_type,
    upper(manager_email) as unit_key,
    _as_of as as_of,
    cast(days as bigint) as window_days,
    cast(trim(replace(percentage, '%', '')) as double) / 100 as share,
    direct_reports as n_base,
    'culture_amp' as source_system
from ranked
where place = 1
