-- Days in a state, as starts (+) and ends (-) with the sum of their day numbers: from both, the days up to any point follow
-- without counting a single day. Grain: one row per point of the flow calendar, and place.
with flagged as (
    select
        valid_from,
        valid_to,
        place_key,
        1 as employed,
        case when is_event_covered then 1 else 0 end as event,
        case when is_graded then 1 else 0 end as graded,
        case when tenure_from >= 90 and (state in ('known', 'never') or recency_from > 183) then 1 else 0 end as at_risk,
        case when tenure_from >= 90 and not (state in ('known', 'never') or coalesce(recency_from, 0) > 183) then 1 else 0 end as at_risk_unknown,
        case when tenure_from >= 90 and state = 'known' and recency_from <= 183 then 1 else 0 end as in_date
    from core.standing
),

signed as (
    select k.point_no, 1 as sign, date_diff('day', date '1970-01-01', k.on_day) as day_no, f.*
    from flagged as f
    cross join raw.run as run
    inner join raw.calendar as k on greatest(f.valid_from, run.calendar_from) = k.on_day
    union all
    select k.point_no, -1 as sign, date_diff('day', date '1970-01-01', k.on_day) as day_no, f.*
    from flagged as f
    cross join raw.run as run
    inner join raw.calendar as k on greatest(f.valid_to, run.calendar_from) = k.on_day
)

select
    point_no,
    place_key,
    sum(sign * employed) as employed_people,
    sum(sign * employed * day_no) as employed_day_numbers,
    sum(sign * event) as event_people,
    sum(sign * event * day_no) as event_day_numbers,
    sum(sign * graded) as graded_people,
    sum(sign * graded * day_no) as graded_day_numbers,
    sum(sign * at_risk) as at_risk_people,
    sum(sign * at_risk * day_no) as at_risk_day_numbers,
    sum(sign * at_risk_unknown) as at_risk_unknown_people,
    sum(sign * at_risk_unknown * day_no) as at_risk_unknown_day_numbers,
    sum(sign * in_date) as in_date_people,
    sum(sign * in_date * day_no) as in_date_day_numbers
from signed
group by point_no, place_key
