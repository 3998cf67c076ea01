-- Months at risk in the emulated trials by the state they began with and what they brought. Grain: one row per cluster (manager, or unit where there is
-- none), division, internal openings, career stage, band of tenure, band of months since the last conversation, `ending` ('stayed', an exit type, or
-- 'lost': not followed into the next month), whether there was a conversation in the month, and the career stage on the eve of the next. No key of
-- anybody at risk is in it, but a row may be one person.
with in_turn as (
    select
        s.*,
        lead(s.first_month) over (partition by s.worker_key, s.spell_no order by s.first_month) as next_month,
        lead(s.talk_month) over (partition by s.worker_key, s.spell_no order by s.first_month) as next_talk_month,
        lead(s.career_stage) over (partition by s.worker_key, s.spell_no order by s.first_month) as next_career_stage
    from links.trial_stretch as s
),

month_at_risk as (
    select
        f.cluster_key,
        f.division_key,
        f.opportunity,
        f.career_stage,
        m.month_no - f.hire_month as tenure_month,
        m.month_no - 1 - f.talk_month as since_month,
        case
            when m.month_no < f.last_month then 'stayed'
            when f.notice_month = m.month_no then f.exit_type
            when f.next_month = m.month_no + 1 then 'stayed'
            else 'lost'
        end as ending,
        m.month_no = f.last_month and f.next_month = m.month_no + 1 and coalesce(f.next_talk_month = m.month_no, false) as has_talked,
        case
            when m.month_no < f.last_month then f.career_stage
            when f.next_month = m.month_no + 1 then f.next_career_stage
        end as next_career_stage
    from in_turn as f
    inner join links.trial_month as m on m.month_no between f.first_month and f.last_month
)

select
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
    ending,
    has_talked,
    next_career_stage,
    count(*) as months
from month_at_risk
group by 1, 2, 3, 4, 5, 6, 7, 8, 9
