-- Months in which somebody can be promoted, counted from the last promotion or the hire: their grade has a rank below the highest of its system on
-- the eve of the month. Grain: one row per worker, spell and months from the first to the last; month 0 of the clock is `origin_month`, and
-- `is_promoted` says that a rise was decided in the last. Where the jobs before are not known, the time before the first rise is left out.
with history as (
    select worker_key, min(valid_from) as known_from
    from core.job
    group by worker_key
),

origin as (
    select s.worker_no, s.spell_no, s.hire_month as origin_month, h.known_from <= s.started_on as is_known
    from links.stint as s
    inner join history as h on s.worker_key = h.worker_key
    union all
    select s.worker_no, s.spell_no, extract(year from r.decided_on) * 12 + extract(month from r.decided_on) + 1, true
    from links.rise as r
    inner join links.stint as s on r.worker_key = s.worker_key and r.spell_no = s.spell_no
    group by s.worker_no, s.spell_no, extract(year from r.decided_on) * 12 + extract(month from r.decided_on) + 1
),

period as (
    select
        origin.*,
        lead(origin_month) over (partition by worker_no, spell_no order by origin_month, is_known) as next_month
    from origin
),

top_grade as (
    select source_system, max(grade_rank) as grade_rank
    from core.job
    group by source_system
),

graded as (
    select
        s.worker_no,
        s.spell_no,
        extract(year from j.valid_from) * 12 + extract(month from j.valid_from) + 1 as first_month,
        extract(year from coalesce(j.valid_to, date '9999-12-31')) * 12 + extract(month from coalesce(j.valid_to, date '9999-12-31')) as last_month
    from core.job as j
    inner join links.stint as s on j.worker_key = s.worker_key
    inner join top_grade as t on j.source_system = t.source_system and j.grade_rank < t.grade_rank
    where extract(year from j.valid_from) * 12 + extract(month from j.valid_from) < s.last_month
)

select
    p.worker_no,
    p.spell_no,
    p.origin_month,
    greatest(p.origin_month, g.first_month) as first_month,
    least(coalesce(p.next_month - 1, g.last_month), g.last_month) as last_month,
    coalesce(p.next_month - 1 <= g.last_month, false) as is_promoted
from period as p
inner join graded as g
    on p.worker_no = g.worker_no and p.spell_no = g.spell_no
    and g.first_month < coalesce(p.next_month, g.first_month + 1) and g.last_month >= p.origin_month
where p.is_known and p.origin_month < coalesce(p.next_month, p.origin_month + 1)
