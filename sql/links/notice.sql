-- When people gave notice: the day an exit was decided, or the last day employed where that is not known or earlier; null where there is neither.
-- Grain: one row per worker and spell; `notice_month` is its month, numbered from the year 0 on (12 to a year).
-- kept as: view
with noticed as (
    select worker_key, spell_no, ended_on, exit_type, least(coalesce(decided_on, ended_on - 1), ended_on - 1) as noticed_on
    from core.spell
)

select
    worker_key, spell_no, ended_on, exit_type, noticed_on,
    extract(year from noticed_on) * 12 + extract(month from noticed_on) as notice_month
from noticed
