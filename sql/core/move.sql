-- Moves inside an employment spell, with the place of the person from that day on. Grain: one row per worker and day. A grade increase
-- is a higher rank than the day before in the same system's grades. Who changes unit together with 20 or more people, on one day and
-- into one unit, is reorganised (`is_bulk`): such a row is a move only if a promotion or demotion goes with it. Rows that only
-- change a title, or correct one, are no moves; a lateral move is one only by the word of the source.
with stepped as (
    select
        job.*,
        lag(valid_to) over person as previous_end,
        lag(grade_rank) over person as previous_rank,
        lag(org_unit_key) over person as previous_unit,
        lag(source_system) over person as previous_system
    from core.job
    window person as (partition by worker_key order by valid_from)
),

claim as (
    select
        worker_key,
        valid_from as moved_on,
        coalesce(grade_rank > previous_rank and source_system is not distinct from previous_system, false) as is_raised,
        coalesce(grade_rank < previous_rank and source_system is not distinct from previous_system, false) or change_type in ('promotion', 'demotion') as is_graded_move,
        coalesce(change_type in ('lateral', 'transfer'), false) as is_sideways,
        coalesce(org_unit_key <> previous_unit, false) as is_new_unit
    from stepped
    where previous_end = valid_from and change_type is distinct from 'correction'
    union all
    select worker_key, effective_on, false, type in ('promotion', 'demotion'), type = 'lateral', false
    from core.outcome_event
    where type in ('promotion', 'lateral', 'demotion')
),

daily as (
    select
        worker_key,
        moved_on,
        max(case when is_raised then 1 else 0 end) as raised,
        max(case when is_raised or is_graded_move then 1 else 0 end) as graded_move,
        max(case when is_sideways then 1 else 0 end) as sideways,
        max(case when is_new_unit then 1 else 0 end) as new_unit
    from claim
    group by worker_key, moved_on
),

stationed as (
    select
        d.*, e.spell_no, e.org_unit_key, e.manager_key, e.career_stage, e.tenure_band, e.place_key,
        d.new_unit = 1 and sum(d.new_unit) over (partition by d.moved_on, e.org_unit_key) >= 20 as is_bulk
    from daily as d
    inner join core.episode as e
        on d.worker_key = e.worker_key and d.moved_on >= e.valid_from and d.moved_on < e.valid_to and d.moved_on > e.started_on
    where d.graded_move + d.sideways + d.new_unit > 0
)

select
    worker_key, spell_no, moved_on, org_unit_key, manager_key, career_stage, tenure_band, place_key,
    raised = 1 as is_grade_increase,
    graded_move = 1 or not is_bulk as is_move,
    is_bulk
from stationed
