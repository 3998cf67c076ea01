-- Survey scores of units from the template; a score that a later file gives again is taken from there.
-- Grain: one row per survey, unit, measure and day, as delivered.
with stated as (
    select
        s.*,
        coalesce(s.survey_id, s._series) as survey_key,
        coalesce(s.as_of, s._as_of) as stands_on
    from raw.parley__survey_score as s
),

ranked as (
    select stated.*, rank() over (partition by survey_key, unit_id, measure, stands_on order by _as_of desc) as place
    from stated
)

select
    survey_key as survey_id,
    unit_id as unit_key,
    measure,
    value,
    n,
    stands_on as as_of,
    'parley' as source_system
from ranked
where place = 1
