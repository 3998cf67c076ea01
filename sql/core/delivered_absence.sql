-- Leaves as delivered, by any system, ids not resolved. Grain: one row per delivered leave.
select * from staging.workday__absence
union all
select * from staging.workday_history__absence
union all
select * from staging.parley__absence
union all
select * from staging.hibob__absence
