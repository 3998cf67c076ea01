-- The months of the emulated trials: as many complete ones before the reporting day as the protocol says. Grain: one row per month,
-- numbered as in links.exit_window, with its first day.
with begun as (
    select
        k.on_day as first_on,
        extract(year from k.on_day) * 12 + extract(month from k.on_day) as month_no,
        extract(year from run.horizon) * 12 + extract(month from run.horizon) as present_month,
        p.window_months
    from raw.calendar as k
    cross join raw.run as run
    cross join raw.trial_protocol as p
    where extract(day from k.on_day) = 1
)

select month_no, first_on
from begun
where month_no < present_month and month_no >= present_month - window_months
