-- What was recorded of conversations only after what came then. Grain: one row per clock; `conversations` are those of the year before exits by choice and
-- before promotions, `recorded_after` those of them that were recorded once notice was given or the promotion decided. One whose day of recording is not
-- known is in neither.
with happened as (
    select 'tenure' as clock, s.worker_key, s.spell_no, n.noticed_on as on_day
    from links.stint as s
    inner join links.notice as n on s.worker_key = n.worker_key and s.spell_no = n.spell_no
    where s.event = 'voluntary'
    union all
    select 'promotion', worker_key, spell_no, decided_on
    from links.rise
)

select
    h.clock,
    count(*) as conversations,
    sum(case when c.recorded_on > h.on_day then 1 else 0 end) as recorded_after
from happened as h
inner join core.conversation as c
    on h.worker_key = c.worker_key and h.spell_no = c.spell_no and c.occurred_on < h.on_day and c.occurred_on >= h.on_day - 365
where c.recorded_on is not null
group by h.clock
