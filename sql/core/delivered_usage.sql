-- Shares of conversations held per group, from systems that give only a percentage. Grain: one row per source, group, date and window.
select * from staging.parley__conversation_usage
union all
select * from staging.culture_amp__conversation_usage
union all
select * from staging.viva__conversation_usage
