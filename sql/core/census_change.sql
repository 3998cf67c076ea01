-- How many people enter (+) or leave (-) each state between two reporting days. Grain: one row per reporting day, and
-- place. A span that starts and ends between two reporting days cancels out and never becomes a row.
with flagged as (
    select
        s.valid_from,
        s.valid_to,
        s.place_key,
        1 as employed,
        case when is_eligible then 1 else 0 end as eligible,
        case when is_eligible and state = 'known' and recency_band = '0-3' then 1 else 0 end as band_0_3,
        case when is_eligible and state = 'known' and recency_band = '3-6' then 1 else 0 end as band_3_6,
        case when is_eligible and state = 'known' and recency_band = '6-9' then 1 else 0 end as band_6_9,
        case when is_eligible and state = 'known' and recency_band = '9-12' then 1 else 0 end as band_9_12,
        case when is_eligible and state = 'known' and recency_band = '12-18' then 1 else 0 end as band_12_18,
        case when is_eligible and state in ('known', 'at_least') and recency_band = '18+' then 1 else 0 end as band_18,
        case when is_eligible and state = 'never' then 1 else 0 end as band_none,
        case when is_eligible and (state in ('known', 'never') or recency_from > target_days) then 1 else 0 end as overdue_known,
        case when is_eligible and (state = 'never' or recency_from > target_days) then 1 else 0 end as overdue,
        case when is_eligible and tenure_from >= 180 then 1 else 0 end as never_base,
        case when is_eligible and tenure_from >= 180 and state in ('known', 'never') then 1 else 0 end as never_known,
        case when is_eligible and tenure_from >= 180 and state = 'never' then 1 else 0 end as never,
        case when tenure_from >= 182 then 1 else 0 end as half_year,
        case when tenure_from >= 182 and (state in ('known', 'never') or recency_from >= 183) then 1 else 0 end as half_year_known,
        case when tenure_from >= 182 and state = 'known' and recency_from < 183 then 1 else 0 end as half_year_talked,
        case when tenure_from >= 364 then 1 else 0 end as year,
        case when tenure_from >= 364 and (state in ('known', 'never') or recency_from >= 365) then 1 else 0 end as year_known,
        case when tenure_from >= 364 and state = 'known' and recency_from < 365 then 1 else 0 end as year_talked,
        case when is_settled and tenure_from >= 364 then 1 else 0 end as settled_year,
        case when is_settled and tenure_from >= 364 and (state in ('known', 'never') or recency_from >= 365) then 1 else 0 end as settled_year_known,
        case when is_settled and tenure_from >= 364 and state = 'known' and recency_from < 365 then 1 else 0 end as settled_year_talked,
        case when is_settled then 1 else 0 end as settled,
        case when is_eligible and is_covered_half_year then 1 else 0 end as source_covered
    from core.standing as s
    inner join raw.career_stage as c on s.career_stage = c.stage
),

signed as (
    select k.reporting_no, 1 as sign, f.*
    from flagged as f
    cross join raw.run as run
    inner join raw.calendar as k on greatest(f.valid_from, run.calendar_from) = k.on_day
    union all
    select k.reporting_no, -1 as sign, f.*
    from flagged as f
    cross join raw.run as run
    inner join raw.calendar as k on greatest(f.valid_to, run.calendar_from) = k.on_day
)

select
    reporting_no,
    place_key,
    sum(sign * employed) as employed,
    sum(sign * eligible) as eligible,
    sum(sign * band_0_3) as band_0_3,
    sum(sign * band_3_6) as band_3_6,
    sum(sign * band_6_9) as band_6_9,
    sum(sign * band_9_12) as band_9_12,
    sum(sign * band_12_18) as band_12_18,
    sum(sign * band_18) as band_18,
    sum(sign * band_none) as band_none,
    sum(sign * overdue_known) as overdue_known,
    sum(sign * overdue) as overdue,
    sum(sign * never_base) as never_base,
    sum(sign * never_known) as never_known,
    sum(sign * never) as never,
    sum(sign * half_year) as half_year,
    sum(sign * half_year_known) as half_year_known,
    sum(sign * half_year_talked) as half_year_talked,
    sum(sign * year) as year,
    sum(sign * year_known) as year_known,
    sum(sign * year_talked) as year_talked,
    sum(sign * settled_year) as settled_year,
    sum(sign * settled_year_known) as settled_year_known,
    sum(sign * settled_year_talked) as settled_year_talked,
    sum(sign * settled) as settled,
    sum(sign * source_covered) as source_covered
from signed
group by reporting_no, place_key
