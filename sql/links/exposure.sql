-- Half-open spans of days on which a person had had a career conversation in the 183 days before that day ('in_date'), had not
-- ('out_of_date'), or nobody knows ('unknown'). A conversation counts from the day after it. Grain: one row per worker, spell and span.
-- Where coverage began later than the employment, its first 365 days are unknown: in them who had talked would be known sooner than who had not.
with watched as (
    select
        worker_key,
        spell_no,
        valid_from,
        valid_to,
        last_on,
        state,
        case
            when state = 'unknown' then valid_to
            when covered_from is null or covered_from <= started_on then valid_from
            else least(greatest(valid_from, covered_from + 365), valid_to)
        end as known_from
    from core.episode
),

piece as (
    select worker_key, spell_no, 'unknown' as status, valid_from, known_from as valid_to
    from watched
    union all
    select worker_key, spell_no, 'in_date', known_from, least(valid_to, last_on + 183)
    from watched
    where state = 'known'
    union all
    select worker_key, spell_no, 'out_of_date', case when state = 'known' then greatest(known_from, last_on + 183) else known_from end, valid_to
    from watched
)

select worker_key, spell_no, status, valid_from + 1 as valid_from, valid_to + 1 as valid_to
from piece
where valid_from < valid_to
