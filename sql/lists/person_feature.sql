-- The people employed on the as-of day who have not given notice, with all the model may know of them, in the bins of lists.pattern, as it was on the day before
-- the present month began: for that month the model was tried. Grain: one row per worker. Of who came in this month nothing is known yet.
with present_stint as (
    select s.worker_no, s.worker_key, s.spell_no, extract(year from run.horizon) * 12 + extract(month from run.horizon) as present_month
    from links.stint as s
    inner join links.notice as n on s.worker_key = n.worker_key and s.spell_no = n.spell_no
    cross join raw.run as run
    where (n.ended_on is null or n.ended_on >= run.horizon) and (n.noticed_on is null or n.noticed_on > run.as_of)
)

select
    s.worker_key,
    s.spell_no,
    coalesce(p.is_eligible, false) as is_eligible,
    coalesce(p.recency, 'unknown') as recency,
    coalesce(p.talks_in_year, 'unknown') as talks_in_year,
    coalesce(p.last_partner, 'unknown') as last_partner,
    coalesce(p.time_in_role, 'unknown') as time_in_role,
    coalesce(p.new_manager, 'unknown') as new_manager,
    coalesce(p.manager_changes, 'unknown') as manager_changes,
    coalesce(p.since_promotion, 'unknown') as since_promotion,
    coalesce(p.since_hire, 'unknown') as since_hire,
    coalesce(p.grade, 'unknown') as grade,
    coalesce(p.job_family, 'unknown') as job_family
from present_stint as s
left join lists.pattern as p
    on s.worker_no = p.worker_no and s.spell_no = p.spell_no and s.present_month >= p.first_month and s.present_month <= p.last_month
