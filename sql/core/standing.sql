-- Episodes split where the time since the last conversation passes a threshold. Grain: one row per worker, spell and span.
-- Where only a lower limit of that time is known, the span carries the class of the limit: it settles every threshold below it.
with clocked as (
    select
        episode.*,
        case state when 'known' then last_on when 'at_least' then covered_from - 1 end as clock_from
    from core.episode
)

select
    e.worker_key, e.spell_no, greatest(e.valid_from, e.clock_from + r.from_days) as valid_from,
    least(e.valid_to, e.clock_from + r.to_days) as valid_to,
    e.org_unit_key, e.manager_key, e.is_settled, e.career_stage, e.tenure_band, e.tenure_from, e.is_eligible, e.is_covered_half_year, e.is_event_covered, e.is_graded,
    e.state, e.clock_from, r.from_days as recency_from, r.band as recency_band, e.place_key
from clocked as e
inner join raw.recency_class as r on e.clock_from + r.from_days < e.valid_to and e.clock_from + r.to_days > e.valid_from
where e.clock_from is not null
union all
select
    worker_key, spell_no, valid_from, valid_to, org_unit_key, manager_key, is_settled, career_stage, tenure_band, tenure_from, is_eligible,
    is_covered_half_year, is_event_covered, is_graded, state, clock_from, cast(null as integer) as recency_from,
    case state when 'never' then 'none' else 'unknown' end as recency_band, place_key
from clocked
where clock_from is null
