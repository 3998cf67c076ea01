-- Actions agreed in conversations as delivered, by any system, ids not resolved. Grain: one row per action and delivery.
select * from staging.parley__action
