-- Managers with somebody in their line on a reporting day, where they stand themselves, and what is known of their own last
-- conversation. Grain: one row per reporting day and manager who is employed that day. Whoever is entered as their own manager is not
-- their own report, and a line to somebody who is not employed has no manager: both are counted by DQ-04. `is_recent` is null where
-- nobody knows whether the last conversation was 183 days ago or less.
select
    c.as_of,
    s.worker_key,
    s.org_unit_key,
    s.manager_key,
    s.career_stage,
    s.tenure_band,
    s.place_key,
    c.employed - case when s.manager_key = s.worker_key then 1 else 0 end as reports,
    s.is_eligible,
    case
        when s.state = 'known' then s.recency_from <= 183
        when s.state = 'never' or s.recency_from > 183 then false
    end as is_recent
from core.census as c
inner join core.standing as s on c.group_key = s.worker_key and s.valid_from <= c.as_of and s.valid_to > c.as_of
where c.cut = 'manager' and c.employed > case when s.manager_key = s.worker_key then 1 else 0 end
