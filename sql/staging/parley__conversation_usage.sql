-- Shares of conversations per group from the template. Grain: one row per group, date and window.
select unit_type, unit_id as unit_key, as_of, window_days, share, n_base, 'parley' as source_system
from raw.parley__conversation_usage
