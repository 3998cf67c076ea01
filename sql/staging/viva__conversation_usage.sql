-- Shares of people with any 1:1 with their manager, from a Viva Insights person query: only per organisation, since its ids lead to
-- nobody. A 1:1 of zero hours is none. The weeks of one file are the window; a window delivered again replaces the earlier one.
-- Grain: one row per organisation, last day and window.
with period as (
    select _file_id, cast(max(week_start) + 6 as date) as last_day, cast(7 * count(distinct week_start) as bigint) as days
    from raw.viva__person_week
    group by _file_id
),

person as (
    select _file_id, _as_of, organisation, person_id, max(case when manager_hours > 0 then 1 else 0 end) as has_met
    from raw.viva__person_week
    where organisation is not null
    group by _file_id, _as_of, organisation, person_id
),

counted as (
    select _file_id, _as_of, organisation, cast(sum(has_met) as double) / count(*) as share, count(*) as people
    from person
    group by _file_id, _as_of, organisation
),

ranked as (
    select
        c.*,
        p.last_day,
        p.days,
        row_number() over (partition by c.organisation, p.last_day, p.days order by c._as_of desc, c._file_id) as place
    from counted as c
    inner join period as p on c._file_id = p._file_id
)

select 'org_unit' as unit_type, organisation as unit_key, last_day as as_of, days as window_days, share, people as n_base, 'viva' as source_system
from ranked
where place = 1
