-- With what state the months at risk of the emulated trials began: whom a strategy would be followed by. Grain: one row per division, internal
-- openings, career stage, month of tenure (24: 24 or more) and months since the last conversation (12: 12 or more; 13: none on record).
with month_at_risk as (
    select
        s.division_key,
        s.opportunity,
        s.career_stage,
        cast(least(m.month_no - s.hire_month, 24) as integer) as tenure_month,
        cast(case when s.talk_month is null then 13 else least(m.month_no - 1 - s.talk_month, 12) end as integer) as since_month
    from links.trial_stretch as s
    inner join links.trial_month as m on m.month_no between s.first_month and s.last_month
)

select division_key, opportunity, career_stage, tenure_month, since_month, count(*) as months
from month_at_risk
group by division_key, opportunity, career_stage, tenure_month, since_month
