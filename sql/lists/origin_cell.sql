-- How many people alike in all the model may know there were at the beginning of a month, and how many of them gave notice by choice in the six months from it on:
-- eligible people (90 days employed, not on leave for more than half of the past 183) who had not given notice. The last day employed stands
-- for a day of notice that is not known; who leaves in another way has not left by choice. Grain: one row per month and pattern (lists.pattern).
select
    o.origin_month,
    p.recency,
    p.talks_in_year,
    p.last_partner,
    p.time_in_role,
    p.new_manager,
    p.manager_changes,
    p.since_promotion,
    p.since_hire,
    p.grade,
    p.job_family,
    count(*) as people,
    cast(sum(case when s.event = 'voluntary' and s.last_month <= o.origin_month + 5 then 1 else 0 end) as bigint) as leavers
from lists.pattern as p
inner join links.stint as s on p.worker_no = s.worker_no and p.spell_no = s.spell_no
inner join lists.origin as o on o.origin_month >= p.first_month and o.origin_month <= p.last_month and o.origin_month <= s.last_month
where p.is_eligible
group by
    o.origin_month, p.recency, p.talks_in_year, p.last_partner, p.time_in_role, p.new_manager, p.manager_changes, p.since_promotion, p.since_hire,
    p.grade, p.job_family
