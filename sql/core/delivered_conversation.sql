-- Conversation records as delivered, by any system, ids not resolved. Grain: one row per record and delivery.
select * from staging.talklog__conversation
union all
select * from staging.parley__conversation
union all
select * from staging.betterworks__conversation
union all
select * from staging.fifteenfive__conversation
union all
select * from staging.google_calendar__conversation
union all
select * from staging.ics__conversation
union all
select * from staging.lattice__conversation
union all
select * from staging.leapsome__conversation
