-- Who may see which part of the organisation. A viewer is known by the key of their published files, never by what they sign in
-- with; `worker_key` is their own, null where they sign in with no id or address of a worker. Grain: one row per row of the template.
with one_person as (
    select id_norm, min(worker_key) as only_key
    from core.worker_xref
    group by id_norm
    having count(distinct worker_key) = 1
)

select
    substr(sha256('parley-viewer' || chr(10) || lower(trim(g.viewer_id))), 1, 32) as viewer_key,
    g.role,
    g.org_unit_key,
    o.only_key as worker_key,
    g.valid_from,
    g.valid_to
from staging.parley__access_scope as g
left join one_person as o on upper(trim(g.viewer_id)) = o.id_norm
