-- Last conversation dates by worker, for sources that keep no events. Grain: one row per source, worker and list date. A date
-- that lies before the spell resets nothing and is null here; one after the list cannot be true and the line says nothing.
select
    x.worker_key,
    s.spell_no,
    c.as_of,
    max(case when c.last_on >= s.started_on then c.last_on end) as last_on,
    max(c.count_12m) as count_12m,
    min(c.relation) as relation,
    c.source_system
from core.delivered_list as c
inner join core.worker_xref as x on c.employee_id = x.id_norm
inner join core.worker as w on x.worker_key = w.worker_key and w.in_scope
inner join core.spell as s on x.worker_key = s.worker_key and c.as_of >= s.started_on and c.as_of < coalesce(s.ended_on, date '9999-12-31')
inner join raw.run as run on c.as_of <= run.as_of
where c.last_on is null or c.last_on <= c.as_of
group by x.worker_key, s.spell_no, c.as_of, c.source_system
