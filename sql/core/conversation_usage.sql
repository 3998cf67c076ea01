-- Shares of conversations per group, for sources that give only a percentage. Grain: one row per source, group, date and window.
select unit_type, unit_key, as_of, window_days, share, n_base, source_system
from staging.parley__conversation_usage
