-- The unit of a position, from a connector's history tables. Grain: one row per worker and position: the unit listed last
-- among those still valid, as a position may belong to several kinds of organisation at once.
with listed as (
    select
        upper(worker_id) as employee_id,
        position_id,
        organization_id as org_unit_key,
        row_number() over (partition by worker_id, position_id order by row_valid_from desc, organization_id) as place
    from raw.workday_history__position_organization
    where is_active_row and _as_of = (select max(_as_of) from raw.workday_history__position_organization)
)
select employee_id, position_id, org_unit_key
from listed
where place = 1
