-- People who were employed, and had not given notice, 183, 365 and 548 days after their hire, and whether they had then had a career
-- conversation in the 183 days before. Grain: one row per worker, spell and such a landmark. `is_below_top` says that their grade has a rank, and not
-- the highest of its system; `noticed_on` is the day of notice, or the last day employed where that is not known; `promoted_on` the day
-- the first rise in grade was decided (or took effect) of those decided from the landmark on. What was decided before the conversation is thus left out.
with mark as (
    select '6_months' as band, 183 as days_after
    union all
    select '12_months', 365
    union all
    select '18_months', 548
),

reached as (
    select
        e.worker_key,
        e.spell_no,
        m.band,
        e.started_on + m.days_after as landmark_on,
        n.exit_type,
        n.noticed_on
    from core.employment as e
    cross join mark as m
    inner join links.notice as n on e.worker_key = n.worker_key and e.spell_no = n.spell_no
    where e.started_on + m.days_after < e.ends_on and e.started_on + m.days_after >= coalesce(e.observed_from, e.started_on)
),

risen as (
    select r.worker_key, r.spell_no, r.band, min(p.decided_on) as promoted_on
    from reached as r
    inner join links.rise as p on r.worker_key = p.worker_key and r.spell_no = p.spell_no and p.decided_on >= r.landmark_on
    group by r.worker_key, r.spell_no, r.band
),

top_grade as (
    select source_system, max(grade_rank) as grade_rank
    from core.job
    group by source_system
)

select
    r.worker_key,
    r.spell_no,
    r.band,
    r.landmark_on,
    coalesce(x.status, 'unknown') as status,
    coalesce(j.grade_rank < t.grade_rank, false) as is_below_top,
    r.exit_type,
    r.noticed_on,
    p.promoted_on
from reached as r
left join links.exposure as x
    on r.worker_key = x.worker_key and r.spell_no = x.spell_no and r.landmark_on >= x.valid_from and r.landmark_on < x.valid_to
left join core.job as j
    on r.worker_key = j.worker_key and r.landmark_on >= j.valid_from and r.landmark_on < coalesce(j.valid_to, date '9999-12-31')
left join top_grade as t on j.source_system = t.source_system
left join risen as p on r.worker_key = p.worker_key and r.spell_no = p.spell_no and r.band = p.band
where r.noticed_on is null or r.noticed_on >= r.landmark_on
