-- Stretches of months in which a person is at risk and alike in all covariates, as these are on the eve of each month: who is eligible then and has not
-- given notice before it. Grain: one row per clock, worker, spell and months from the first to the last. The clock is 'tenure' for exits,
-- 'promotion' for rises in grade (links.promotion_clock); its month 0 is `origin_month`. `event` is what happened in the last month, if anything.
with recursive numbered as (
    select place_key, min(place_no) as place_no
    from links.placing
    group by place_key
),

stretch as (
    select
        s.worker_no,
        s.spell_no,
        n.place_no,
        cast(extract(year from e.valid_from) * 12 + extract(month from e.valid_from) + 1 as integer) as first_month,
        least(cast(extract(year from e.valid_to) * 12 + extract(month from e.valid_to) as integer), s.last_month) as last_month
    from core.episode as e
    inner join links.stint as s on e.worker_key = s.worker_key and e.spell_no = s.spell_no
    inner join numbered as n on e.place_key = n.place_key
    where e.is_eligible
),

stay as (
    select
        worker_no,
        spell_no,
        place_no,
        min(first_month) as first_month,
        max(last_month) as last_month,
        sum(last_month - first_month + 1) as months
    from stretch
    where first_month <= last_month
    group by worker_no, spell_no, place_no
),

-- Only of those who were away and came back must the order be known.
island as (
    select
        h.worker_no,
        h.spell_no,
        h.place_no,
        h.first_month,
        h.last_month,
        h.last_month - sum(h.last_month - h.first_month + 1)
            over (partition by h.worker_no, h.spell_no, h.place_no order by h.first_month rows between unbounded preceding and current row) as months_away
    from stretch as h
    inner join stay as y on h.worker_no = y.worker_no and h.spell_no = y.spell_no and h.place_no = y.place_no
    where h.first_month <= h.last_month and y.months < y.last_month - y.first_month + 1
),

merged as (
    select worker_no, spell_no, place_no, first_month, last_month
    from stay
    where months = last_month - first_month + 1
    union all
    select worker_no, spell_no, place_no, min(first_month), max(last_month)
    from island
    group by worker_no, spell_no, place_no, months_away
),

reach as (
    select min(first_month) as first_month, max(last_month) as last_month
    from merged
),

calendar_year as (
    select cast(floor((first_month - 1) / 12.0) as integer) as year_no
    from reach
    where first_month is not null
    union all
    select year_no + 1
    from calendar_year
    cross join reach
    where (year_no + 1) * 12 < last_month
),

placed as (
    select
        m.worker_no,
        m.spell_no,
        p.cluster_no,
        p.pattern_no,
        y.year_no,
        greatest(m.first_month, p.first_month, y.year_no * 12 + 1) as first_month,
        least(m.last_month, p.last_month, y.year_no * 12 + 12) as last_month
    from merged as m
    inner join links.placing as p on m.place_no = p.place_no and m.first_month <= p.last_month and m.last_month >= p.first_month
    inner join calendar_year as y
        on greatest(m.first_month, p.first_month) <= y.year_no * 12 + 12 and least(m.last_month, p.last_month) >= y.year_no * 12 + 1
)

select
    'tenure' as clock,
    p.worker_no,
    p.spell_no,
    p.cluster_no,
    p.pattern_no,
    p.year_no,
    s.hire_month as origin_month,
    p.first_month,
    p.last_month,
    case when p.last_month = s.last_month then s.event end as event
from placed as p
inner join links.stint as s on p.worker_no = s.worker_no and p.spell_no = s.spell_no
union all
select
    'promotion',
    p.worker_no,
    p.spell_no,
    p.cluster_no,
    p.pattern_no,
    p.year_no,
    c.origin_month,
    greatest(p.first_month, c.first_month),
    least(p.last_month, c.last_month),
    case when c.is_promoted and c.last_month <= p.last_month then 'promotion' end
from placed as p
inner join links.promotion_clock as c
    on p.worker_no = c.worker_no and p.spell_no = c.spell_no and p.first_month <= c.last_month and p.last_month >= c.first_month
