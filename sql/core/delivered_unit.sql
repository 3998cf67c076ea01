-- Organisational units as delivered, by any system. Grain: one row per delivered unit and period.
select * from staging.workday__org_unit
union all
select * from staging.workday_history__org_unit
union all
select * from staging.parley__org_unit
union all
select * from staging.oracle_hcm__org_unit
