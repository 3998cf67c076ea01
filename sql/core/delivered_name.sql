-- Names and addresses as delivered, for the restricted identity table only. Grain: one row per source and worker.
select * from staging.workday__identity
union all
select * from staging.parley__identity
