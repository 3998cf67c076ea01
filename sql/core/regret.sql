-- Exits by choice that have happened, and whether the person was one the organisation had said it wanted to keep. Grain: one row per spell
-- that ended by choice. What counts is the newest judgement of 60 days or more before notice (the last day employed where no notice is
-- known) that had been written down before notice, of the same employment; without one nobody knows.
with noticed as (
    select p.worker_key, p.spell_no, s.started_on, p.last_day_on, p.place_key, least(coalesce(s.decided_on, p.last_day_on), p.last_day_on) as noticed_on
    from core.separation as p
    inner join core.spell as s on p.worker_key = s.worker_key and p.spell_no = s.spell_no
    where p.exit_type = 'exit_voluntary'
),

judged as (
    select
        n.worker_key,
        n.spell_no,
        f.is_valued,
        row_number() over (partition by n.worker_key, n.spell_no order by f.flagged_on desc) as place
    from noticed as n
    inner join core.valued_flag as f
        on n.worker_key = f.worker_key and f.flagged_on <= n.noticed_on - 60 and f.recorded_on < n.noticed_on and f.flagged_on >= n.started_on
)

select n.worker_key, n.spell_no, n.noticed_on, n.last_day_on, j.is_valued, n.place_key
from noticed as n
left join judged as j on n.worker_key = j.worker_key and n.spell_no = j.spell_no and j.place = 1
