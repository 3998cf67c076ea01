-- Workers as they stood on the day of each export, from systems that export the present state only, ids not resolved.
-- Grain: one row per source, population (id space), worker and day.
select * from staging.parley__worker_snapshot
union all
select * from staging.successfactors__worker_snapshot
union all
select * from staging.bamboohr__worker_snapshot
union all
select * from staging.adp__worker_snapshot
union all
select * from staging.personio__worker_snapshot
union all
select * from staging.hibob__worker_snapshot
union all
select * from staging.ukg__worker_snapshot
union all
select * from staging.ukg_hrsd__worker_snapshot
union all
select * from staging.orangehrm__worker_snapshot
union all
select * from staging.frappe__worker_snapshot
union all
select * from staging.fifteenfive__worker_snapshot
