-- Shares of conversations per group, for sources that give only a percentage. Grain: one row per source, group, date and window.
-- A manager's id is resolved like everybody's; a group that nobody knows keeps no key.
select
    u.unit_type,
    case when u.unit_type = 'manager' then x.worker_key else u.unit_key end as unit_key,
    u.as_of,
    u.window_days,
    u.share,
    u.n_base,
    u.source_system
from core.delivered_usage as u
left join core.worker_xref as x on u.unit_type = 'manager' and upper(u.unit_key) = x.id_norm
