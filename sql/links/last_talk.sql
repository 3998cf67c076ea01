-- What the last career conversation was like, on the day before a month began, while it is at most 183 days old; else 'none_in_half_year'. Grain: one row per
-- worker, spell and months from the first to the last (numbered as in links.stint). What was not recorded of it is 'unknown'.
with talk as (
    select
        talk_kind.*,
        cast(extract(year from last_on + 183) * 12 + extract(month from last_on + 183) as integer) as fresh_until,
        coalesce(lead(talk_month) over (partition by worker_no, spell_no order by talk_month), 200000) as next_month
    from links.talk_kind
),

earliest as (
    select worker_no, spell_no, min(talk_month) as talk_month
    from links.talk_kind
    group by worker_no, spell_no
),

quiet as (
    select worker_no, spell_no, fresh_until + 1 as first_month, next_month as last_month
    from talk
    where fresh_until < next_month
    union all
    select s.worker_no, s.spell_no, s.hire_month, coalesce(e.talk_month, 200000)
    from links.stint as s
    left join earliest as e on s.worker_no = e.worker_no and s.spell_no = e.spell_no
),

piece as (
    select
        worker_no, spell_no, talk_month + 1 as first_month, least(fresh_until, next_month) as last_month,
        partner, setting, length, initiator, support, usefulness
    from talk
    union all
    select
        worker_no, spell_no, first_month, last_month, 'none_in_half_year', 'none_in_half_year', 'none_in_half_year',
        'none_in_half_year', 'none_in_half_year', 'none_in_half_year'
    from quiet
)

select
    p.worker_no,
    p.spell_no,
    greatest(p.first_month, w.first_month) as first_month,
    least(p.last_month, w.last_month) as last_month,
    p.partner,
    p.setting,
    p.length,
    p.initiator,
    p.support,
    p.usefulness
from piece as p
inner join links.watched as w
    on p.worker_no = w.worker_no and p.spell_no = w.spell_no and p.first_month <= w.last_month and p.last_month >= w.first_month
