-- Survey scores that arrive aggregated, never fit for averaging over units without their counts. Grain: one row per source, survey, unit,
-- measure and day; of several the one that rests on most answers counts.
with ranked as (
    select
        s.*,
        row_number() over (
            partition by source_system, survey_id, unit_key, measure, as_of order by n desc nulls last, value desc nulls last
        ) as place
    from core.delivered_score as s
)

select survey_id, unit_key, measure, value, n, as_of, source_system
from ranked
where place = 1
