-- Survey answers as delivered, by any system, ids not resolved. Grain: one row per response, question and person it is about.
select * from staging.qualtrics__survey_response
union all
select * from staging.qualtrics_legacy__survey_response
union all
select * from staging.parley__survey_response
union all
select * from staging.qualtrics_long__survey_response
union all
select * from staging.glint__survey_response
union all
select * from staging.surveymonkey__survey_response
union all
select * from staging.google_forms__survey_response
union all
select * from staging.ms_forms__survey_response
