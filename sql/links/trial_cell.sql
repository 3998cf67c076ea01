-- Months at risk in the emulated trials by the state they began with and what they brought. Grain: one row per cluster (manager, or unit where there is
-- none), division, internal openings, career stage, band of tenure, band of months since the last conversation, `ending` ('stayed', an exit type, or
-- 'lost': not followed into the next month), whether there was a conversation in the month, and the career stage on the eve of the next. No key of
-- anybody at risk is in it, but a row may be one person.
select
    cluster_key, division_key, opportunity, career_stage, tenure_band, recency, ending, has_talked, next_career_stage, count(*) as months
from links.trial_risk
group by 1, 2, 3, 4, 5, 6, 7, 8, 9
