-- Months in which somebody had a career conversation, with the day of the last of them and their number. Grain: one row per worker, spell and month
-- (numbered as in links.stint). Conversations of which a list tells the last day alone are left out: it tells of those only who were still
-- there on the day of the list.
with told as (
    select
        s.worker_no,
        s.spell_no,
        c.occurred_on,
        cast(extract(year from c.occurred_on) * 12 + extract(month from c.occurred_on) as integer) as talk_month
    from core.conversation as c
    inner join links.stint as s on c.worker_key = s.worker_key and c.spell_no = s.spell_no
)

select worker_no, spell_no, talk_month, max(occurred_on) as last_on, cast(count(*) as integer) as conversations
from told
group by worker_no, spell_no, talk_month
