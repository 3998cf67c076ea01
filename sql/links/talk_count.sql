-- How many career conversations a person had in the twelve months before a month began. Grain: one row per worker, spell and months from the first to the last
-- (numbered as in links.stint), as far as that is known (links.watched).
with step as (
    select worker_no, spell_no, hire_month as first_month, 0 as change
    from links.stint
    union all
    select worker_no, spell_no, talk_month + 1, conversations
    from links.talk_month
    union all
    select worker_no, spell_no, talk_month + 13, -conversations
    from links.talk_month
),

turn as (
    select worker_no, spell_no, first_month, sum(change) as change
    from step
    group by worker_no, spell_no, first_month
),

counted as (
    select
        worker_no,
        spell_no,
        first_month,
        coalesce(lead(first_month) over (partition by worker_no, spell_no order by first_month) - 1, 200000) as last_month,
        sum(change) over (partition by worker_no, spell_no order by first_month rows between unbounded preceding and current row) as conversations
    from turn
)

select
    c.worker_no,
    c.spell_no,
    case when c.conversations = 0 then 'none' when c.conversations = 1 then 'one' when c.conversations <= 3 then 'two_or_three' else 'four_or_more' end as level,
    greatest(c.first_month, w.first_month) as first_month,
    least(c.last_month, w.last_month) as last_month
from counted as c
inner join links.watched as w
    on c.worker_no = w.worker_no and c.spell_no = w.spell_no
    and c.first_month <= w.last_month and c.last_month >= w.first_month
