-- How long ago the last career conversation was on the day before a month began. Grain: one row per worker, spell and months from the first to the last
-- (numbered as in links.stint). 'none_on_record' is for who was covered since the hire; of who was covered later it is not known
-- whether there was none or one before, so their time until the first on record is in no row.
with band as (
    select 'under_3_months' as level, 0 as from_days, 92 as to_days
    union all
    select '3_to_5_months', 92, 183
    union all
    select '6_to_11_months', 183, 366
    union all
    select '12_months_or_more', 366, 100000
),

talk as (
    select
        worker_no,
        spell_no,
        last_on,
        talk_month,
        cast(extract(year from last_on + 92) * 12 + extract(month from last_on + 92) as integer) as month_92,
        cast(extract(year from last_on + 183) * 12 + extract(month from last_on + 183) as integer) as month_183,
        cast(extract(year from last_on + 366) * 12 + extract(month from last_on + 366) as integer) as month_366,
        coalesce(lead(talk_month) over (partition by worker_no, spell_no order by talk_month), 200000) as next_month
    from links.talk_month
),

earliest as (
    select worker_no, spell_no, min(talk_month) as talk_month
    from links.talk_month
    group by worker_no, spell_no
),

piece as (
    select
        t.worker_no,
        t.spell_no,
        b.level,
        t.last_on,
        case b.from_days when 0 then t.talk_month when 92 then t.month_92 when 183 then t.month_183 else t.month_366 end + 1 as first_month,
        least(
            case b.to_days when 92 then t.month_92 when 183 then t.month_183 when 366 then t.month_366 else 200000 end, t.next_month
        ) as last_month
    from talk as t
    cross join band as b
    union all
    select s.worker_no, s.spell_no, 'none_on_record', null, s.hire_month, coalesce(e.talk_month, 200000)
    from links.stint as s
    left join earliest as e on s.worker_no = e.worker_no and s.spell_no = e.spell_no
)

select
    p.worker_no,
    p.spell_no,
    p.level,
    greatest(p.first_month, w.first_month) as first_month,
    least(p.last_month, w.last_month) as last_month
from piece as p
inner join links.watched as w
    on p.worker_no = w.worker_no and p.spell_no = w.spell_no and p.first_month <= w.last_month and p.last_month >= w.first_month
where p.first_month <= p.last_month and (p.last_on >= w.covered_from or p.last_on is null and w.is_whole)
