-- Dates of last conversations as delivered, by systems that keep no events. Grain: one row per source, employee id and list date.
select * from staging.workbook__conversation_snapshot
union all
select * from staging.parley__conversation_snapshot
