-- Workers as delivered by systems that keep one row per worker with its dates. Grain: one row per delivered worker.
select * from staging.workday__worker
union all
select * from staging.workday_history__worker
union all
select * from staging.parley__worker
union all
select * from staging.oracle_hcm__worker
