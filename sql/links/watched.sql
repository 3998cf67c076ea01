-- Months on the eve of which it is known of a person whether they had talked, from a source that records single conversations. Grain: one row per worker, spell
-- and months from the first to the last. Lists of last dates do not count: they cover those only who were still there on the day of the list.
-- Where recording began after the hire its first 365 days are left out: in them who had talked would be known sooner than who had not. `is_whole` says that
-- all the employment was covered until then.
with known as (
    select
        s.worker_no,
        s.spell_no,
        c.valid_from as covered_from,
        c.valid_from <= s.started_on as is_whole,
        case when c.valid_from <= s.started_on then s.started_on else c.valid_from + 365 end as known_from,
        c.valid_to
    from core.capture_span as c
    inner join links.stint as s on c.worker_key = s.worker_key and c.spell_no = s.spell_no
    where c.scope = 'event'
)

select
    worker_no,
    spell_no,
    covered_from,
    is_whole,
    cast(extract(year from known_from) * 12 + extract(month from known_from) + 1 as integer) as first_month,
    cast(extract(year from valid_to) * 12 + extract(month from valid_to) as integer) as last_month
from known
where known_from < valid_to
