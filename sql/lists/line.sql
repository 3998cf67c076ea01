-- Who is in whose line on the as-of day: people whose job is in a unit that the viewer was granted, or in one below it. Nobody sees
-- themselves or those they report to. Who has two roles at a time, is not known as a worker, or has left sees nobody. `depth` counts the
-- levels from the nearest unit granted, `granted_key`, to that of the person. Grain: one row per leader or HR business partner and person.
with recursive granted as (
    select g.viewer_key, g.role, g.org_unit_key, g.worker_key
    from core.access_grant as g
    cross join raw.run as run
    where g.valid_from <= run.as_of and (g.valid_to is null or g.valid_to > run.as_of)
),

placed as (
    select e.worker_key as placed_key, j.org_unit_key as unit_key, j.manager_key
    from core.employment as e
    cross join raw.run as run
    inner join core.job as j
        on e.worker_key = j.worker_key and j.valid_from <= run.as_of and (j.valid_to is null or j.valid_to > run.as_of)
    where e.started_on <= run.as_of and e.ends_on > run.as_of and (e.observed_from is null or e.observed_from <= run.as_of)
),

viewer as (
    select g.viewer_key, min(g.role) as only_role, min(g.worker_key) as own_key
    from granted as g
    inner join placed as p on g.worker_key = p.placed_key
    group by g.viewer_key
    having min(g.role) = max(g.role)
),

above_viewer as (
    select v.viewer_key, v.own_key as superior_key
    from viewer as v
    union
    select a.viewer_key, p.manager_key
    from above_viewer as a
    inner join placed as p on a.superior_key = p.placed_key
    where p.manager_key is not null
),

reached as (
    select
        v.viewer_key, v.only_role, p.placed_key, g.org_unit_key as granted_key, c.depth,
        row_number() over (partition by v.viewer_key, p.placed_key order by c.depth, g.org_unit_key) as place
    from viewer as v
    inner join granted as g on v.viewer_key = g.viewer_key
    cross join raw.run as run
    inner join core.org_closure as c on g.org_unit_key = c.ancestor_key and c.valid_from <= run.as_of and c.valid_to > run.as_of
    inner join placed as p on c.descendant_key = p.unit_key
    where v.only_role in ('leader', 'hrbp')
)

select r.viewer_key, r.only_role as role, r.placed_key as worker_key, r.granted_key, r.depth
from reached as r
left join above_viewer as a on r.viewer_key = a.viewer_key and r.placed_key = a.superior_key
where r.place = 1 and a.superior_key is null
