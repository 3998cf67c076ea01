-- Exits, promotions and moves as delivered by systems that keep them with their day; snapshots give theirs in snapshot_exit.
-- Grain: one row per delivered event.
select * from staging.workday__outcome_event
union all
select * from staging.workday_history__outcome_event
union all
select * from staging.parley__outcome_event
union all
select * from staging.bamboohr__outcome_event
union all
select * from staging.hibob__outcome_event
union all
select * from staging.oracle_hcm__outcome_event
