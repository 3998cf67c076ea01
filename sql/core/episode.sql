-- Half-open spans in which nothing about a person changes. Grain: one row per worker, spell and span up to the horizon.
-- `state` says what is known of the last conversation: 'known' (covered ever since it), 'never' (covered for the whole spell,
-- none), 'at_least' (covered for a while, none in that while: it can only be longer ago than `covered_from`), 'unknown'.
with span as (
    select
        t.worker_key,
        t.spell_no,
        t.on_day as valid_from,
        coalesce(lead(t.on_day) over (partition by t.worker_key, t.spell_no order by t.on_day), e.ends_on) as valid_to,
        max(t.reset_on) over (
            partition by t.worker_key, t.spell_no order by t.on_day rows between unbounded preceding and current row
        ) as last_on,
        e.started_on,
        e.observed_from,
        e.planned_exit_on
    from core.turning_point as t
    inner join core.employment as e on t.worker_key = e.worker_key and t.spell_no = e.spell_no
),

stationed as (
    select
        s.worker_key,
        s.spell_no,
        s.valid_from,
        s.valid_to,
        s.started_on,
        coalesce(j.org_unit_key, 'unassigned') as org_unit_key,
        j.manager_key,
        j.manager_started_on,
        date_diff('day', coalesce(j.manager_started_on, s.valid_from), s.valid_from) >= 90 as is_settled,
        coalesce(
            case when date_diff('day', s.valid_from, s.planned_exit_on) <= 365 then 'leaving_or_retiring' end, stage.stage, 'unknown'
        ) as career_stage,
        tenure.band as tenure_band,
        j.grade_code,
        j.job_family,
        j.location_code,
        tenure.from_days as tenure_from,
        tenure.from_days >= 90 and leave.worker_key is null as is_eligible,
        c.valid_from as covered_from,
        date_diff('day', coalesce(c.valid_from, s.valid_from), s.valid_from) >= 182 as is_covered_half_year,
        v.worker_key is not null as is_event_covered,
        v.valid_from as event_covered_from,
        j.grade_rank is not null as is_graded,
        s.last_on,
        case
            when c.valid_from is null then 'unknown'
            when s.last_on >= c.valid_from then 'known'
            when s.last_on is null and c.valid_from <= s.started_on then 'never'
            else 'at_least'
        end as state
    from span as s
    left join core.job as j
        on s.worker_key = j.worker_key and s.valid_from >= j.valid_from and s.valid_from < coalesce(j.valid_to, date '9999-12-31')
    left join raw.career_stage as stage
        on date_diff('day', j.job_started_on, s.valid_from) >= stage.from_days and date_diff('day', j.job_started_on, s.valid_from) < stage.to_days
    left join raw.tenure_class as tenure
        on date_diff('day', s.started_on, s.valid_from) >= tenure.from_days and date_diff('day', s.started_on, s.valid_from) < tenure.to_days
    left join core.capture_span as c
        on c.scope = 'any' and s.worker_key = c.worker_key and s.spell_no = c.spell_no and s.valid_from >= c.valid_from and s.valid_from < c.valid_to
    left join core.capture_span as v
        on v.scope = 'event' and s.worker_key = v.worker_key and s.spell_no = v.spell_no and s.valid_from >= v.valid_from and s.valid_from < v.valid_to
    left join core.long_leave as leave
        on s.worker_key = leave.worker_key and s.valid_from >= leave.valid_from and s.valid_from < leave.valid_to
    where s.observed_from is null or s.valid_from >= s.observed_from
)

select
    stationed.*,
    md5(
        org_unit_key || chr(31) || coalesce(manager_key, '') || chr(31) || career_stage || chr(31) || coalesce(tenure_band, '') || chr(31)
        || coalesce(grade_code, '') || chr(31) || coalesce(job_family, '') || chr(31) || coalesce(location_code, '')
    ) as place_key
from stationed
