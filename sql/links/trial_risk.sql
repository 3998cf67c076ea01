-- Months at risk in the emulated trials, one by one: the state each began with, in bands, and what it brought. Grain: one row per worker, spell and month. `is_entry`
-- where nobody looked at the person the month before; `ending` is 'stayed', an exit type, or 'lost' (not followed into the next month), `has_talked`
-- whether there was a conversation in the month, `next_career_stage` that on the eve of the next. It is far too long to be kept.
-- kept as: view
with in_turn as (
    select
        s.*,
        lag(s.last_month) over (partition by s.worker_key, s.spell_no order by s.first_month) as before_month,
        lead(s.first_month) over (partition by s.worker_key, s.spell_no order by s.first_month) as next_month,
        lead(s.talk_month) over (partition by s.worker_key, s.spell_no order by s.first_month) as next_talk_month,
        lead(s.career_stage) over (partition by s.worker_key, s.spell_no order by s.first_month) as next_career_stage
    from links.trial_stretch as s
),

month_at_risk as (
    select
        f.*,
        m.month_no,
        m.month_no = f.first_month and coalesce(f.before_month, 0) <> f.first_month - 1 as is_entry,
        m.month_no - f.hire_month as tenure_month,
        m.month_no - 1 - f.talk_month as since_month,
        m.month_no < f.last_month as is_within,
        m.month_no = f.last_month and f.next_month = m.month_no + 1 as is_followed
    from in_turn as f
    inner join links.trial_month as m on m.month_no between f.first_month and f.last_month
)

select
    worker_key,
    spell_no,
    month_no,
    is_entry,
    cluster_key,
    division_key,
    opportunity,
    career_stage,
    case
        when tenure_month < 12 then 'under_1_year'
        when tenure_month < 24 then '1_to_2_years'
        else '2_years_plus'
    end as tenure_band,
    case
        when since_month < 3 then 'under_3_months'
        when since_month < 6 then '3_to_5_months'
        when since_month < 12 then '6_to_11_months'
        when since_month >= 12 then '12_months_or_more'
        else 'none_on_record'
    end as recency,
    case
        when is_within then 'stayed'
        when notice_month = month_no then exit_type
        when is_followed then 'stayed'
        else 'lost'
    end as ending,
    is_followed and coalesce(next_talk_month = month_no, false) as has_talked,
    case when is_within then career_stage when is_followed then next_career_stage end as next_career_stage
from month_at_risk
