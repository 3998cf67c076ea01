-- Survey scores that arrive aggregated, per unit. Grain: one row per source, survey, unit, measure and day.
select * from staging.parley__survey_score
