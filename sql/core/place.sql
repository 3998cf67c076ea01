-- The places people have been in: everything they can be grouped by at one time. Grain: one row per place. Nobody's name is in it,
-- but in a small organisation a place may be one person. 'nowhere' is for what is known of the company as a whole only.
select distinct place_key, org_unit_key, manager_key, career_stage, tenure_band, grade_code, job_family, location_code
from core.episode
union all
select 'nowhere', null, null, null, null, null, null, null
