-- The departments and business units that assignments of Oracle HCM name. A department belongs to the business unit most of its
-- assignments are in. Periods are not delivered, so a unit has always been there. Grain: one row per unit of the newest export.
with named as (
    select department, business_unit, count(*) as rows_naming
    from raw.oracle_hcm__assignment
    where department is not null and _as_of = (select max(_as_of) from raw.oracle_hcm__assignment)
    group by department, business_unit
),

ranked as (
    select
        named.*,
        row_number() over (
            partition by department order by case when business_unit is null then 1 else 0 end, rows_naming desc, business_unit
        ) as place
    from named
),

unit as (
    select
        department as org_unit_key,
        'department' as type,
        case when business_unit <> department then business_unit end as parent_key
    from ranked
    where place = 1
    union all
    select business_unit, 'business_unit', cast(null as varchar)
    from raw.oracle_hcm__assignment
    where _as_of = (select max(_as_of) from raw.oracle_hcm__assignment)
        and business_unit is not null
        and business_unit not in (select department from named)
    group by business_unit
)

select
    org_unit_key,
    date '1930-01-01' as valid_from,
    cast(null as date) as valid_to,
    org_unit_key as name,
    type,
    parent_key,
    cast(null as varchar) as head_id,
    'oracle_hcm' as source_system,
    (select max(_as_of) from raw.oracle_hcm__assignment) as recorded_on
from unit
