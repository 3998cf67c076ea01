-- Who is at risk in which state of every exposure, as it was on the day before each month, and as it was three months earlier (`lag_months`). Grain: one
-- row per clock, exposure, lag, worker and stretch; `entered` and `stayed_until` are its first and last month by the clock, both included.
-- Months in which the state is not known are in no row. It is far too long to be kept: what reads it counts people at once.
-- kept as: view
with timeline as (
    select
        'recency' as family, worker_no, spell_no, first_month, last_month, level,
        '' as partner, '' as setting, '' as length, '' as initiator, '' as support, '' as usefulness
    from links.recency
    union all
    select 'count', worker_no, spell_no, first_month, last_month, level, '', '', '', '', '', ''
    from links.talk_count
    union all
    select 'last', worker_no, spell_no, first_month, last_month, '', partner, setting, length, initiator, support, usefulness
    from links.last_talk
),

-- Months are moved before they are compared: a join knows them then while it looks for the worker, and makes no more pairs than it keeps.
delayed as (
    select timeline.*, 0 as lag_months
    from timeline
    union all
    select
        family, worker_no, spell_no, first_month + 3, last_month + 3, level, partner, setting, length, initiator, support, usefulness, 3
    from timeline
),

met as (
    select
        r.clock,
        t.family,
        t.lag_months,
        r.worker_no,
        r.cluster_no,
        r.pattern_no,
        r.year_no,
        cast(greatest(r.first_month, t.first_month) - r.origin_month as integer) as entered,
        cast(least(r.last_month, t.last_month) - r.origin_month as integer) as stayed_until,
        case when r.last_month <= t.last_month then r.event end as event,
        t.level,
        t.partner,
        t.setting,
        t.length,
        t.initiator,
        t.support,
        t.usefulness
    from delayed as t
    inner join links.at_risk as r
        on t.worker_no = r.worker_no and t.spell_no = r.spell_no
        and r.first_month <= t.last_month and r.last_month >= t.first_month
),

named as (
    select 'recency' as family, 'recency' as exposure
    union all
    select 'count', 'count'
    union all
    select 'last', 'partner'
    union all
    select 'last', 'setting'
    union all
    select 'last', 'length'
    union all
    select 'last', 'initiator'
    union all
    select 'last', 'support'
    union all
    select 'last', 'usefulness'
),

told as (
    select
        m.clock,
        n.exposure,
        m.lag_months,
        case n.exposure
            when 'partner' then m.partner
            when 'setting' then m.setting
            when 'length' then m.length
            when 'initiator' then m.initiator
            when 'support' then m.support
            when 'usefulness' then m.usefulness
            else m.level
        end as level,
        m.worker_no,
        m.cluster_no,
        m.pattern_no,
        m.year_no,
        m.entered,
        m.stayed_until,
        m.event
    from met as m
    inner join named as n on m.family = n.family
)

select *
from told
where level <> 'unknown'
