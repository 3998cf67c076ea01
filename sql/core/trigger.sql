-- Events after which a career conversation is due within 60 days: a new job inside the employment, a new manager, the return from leave,
-- three years (1,096 days) in one job, a reorganisation in which 20 or more people changed into one unit. Grain: one row per worker and
-- day; what coincides is one event. `outcome`: 'talked' within 60 days and before an exit; 'left' within 60 days without; 'none' where
-- all those days are covered; else 'unknown'. It is settled on `matured_on` and does not change afterwards. Unsuccessful internal
-- applications would belong here; no source delivers them.
with trigger_day as (
    select
        e.worker_key,
        e.spell_no,
        e.ends_on,
        v.on_day as triggered_on,
        v.on_day + 60 as matured_on,
        max(case when v.kind = 'new_role' then 1 else 0 end) = 1 as is_new_role,
        max(case when v.kind = 'new_manager' then 1 else 0 end) = 1 as is_new_manager,
        max(case when v.kind = 'return_from_leave' then 1 else 0 end) = 1 as is_return_from_leave,
        max(case when v.kind = 'three_years_in_role' then 1 else 0 end) = 1 as is_three_years_in_role,
        max(case when v.kind = 'reorganisation' then 1 else 0 end) = 1 as is_reorganisation
    from core.trigger_event as v
    inner join core.employment as e on v.worker_key = e.worker_key and v.on_day > e.started_on and v.on_day < e.ends_on
    cross join raw.run as run
    where v.on_day <= run.as_of - 60 and v.kind <> 'lost_mentor'
    group by e.worker_key, e.spell_no, e.ends_on, v.on_day
),

answered as (
    select t.worker_key, t.triggered_on
    from trigger_day as t
    inner join core.clock_reset as r
        on t.worker_key = r.worker_key and t.spell_no = r.spell_no and r.occurred_on >= t.triggered_on and r.occurred_on <= t.matured_on
    group by t.worker_key, t.triggered_on
),

watched as (
    select t.worker_key, t.triggered_on
    from trigger_day as t
    inner join core.capture_span as c
        on c.scope = 'any' and t.worker_key = c.worker_key and t.spell_no = c.spell_no
        and t.triggered_on >= c.valid_from and t.triggered_on < c.valid_to and least(t.matured_on + 1, t.ends_on) <= c.valid_to
)

select
    t.worker_key,
    t.spell_no,
    t.triggered_on,
    t.matured_on,
    t.is_new_role,
    t.is_new_manager,
    t.is_return_from_leave,
    t.is_three_years_in_role,
    t.is_reorganisation,
    case
        when a.worker_key is not null then 'talked'
        when w.worker_key is null then 'unknown'
        when t.ends_on <= t.matured_on then 'left'
        else 'none'
    end as outcome,
    e.org_unit_key,
    e.manager_key,
    e.career_stage,
    e.tenure_band,
    e.place_key
from trigger_day as t
inner join core.episode as e
    on t.worker_key = e.worker_key and t.spell_no = e.spell_no and t.triggered_on >= e.valid_from and t.triggered_on < e.valid_to
left join answered as a on t.worker_key = a.worker_key and t.triggered_on = a.triggered_on
left join watched as w on t.worker_key = w.worker_key and t.triggered_on = w.triggered_on
