-- What an employee and their line manager each say of a conversation in the past six months. Grain: one row per wave in which employees
-- answered of themselves (known by its closing day) and employee of whom either side answered. A manager's answer belongs to the nearest such wave
-- that closed within 60 days of the manager's own, and counts only if the manager led the employee when answering; of several the last.
-- `known_on` is the day by which both waves had closed. Answers are paired here to be counted, and for nothing else.
with told as (
    select
        *,
        case when lower(trim(value_raw)) in ('yes', 'true') then 1 when lower(trim(value_raw)) in ('no', 'false') then 0 end as said
    from core.answer_place
    where construct = 'conversation_6m' and worker_key is not null
),

wave as (
    select distinct closed_on
    from told
    where about_key is null
),

nearest as (
    select
        m.closed_on as manager_closed_on,
        w.closed_on,
        row_number() over (partition by m.closed_on order by abs(date_diff('day', w.closed_on, m.closed_on)), w.closed_on desc) as place
    from (select distinct closed_on from told where about_key is not null) as m
    inner join wave as w on abs(date_diff('day', w.closed_on, m.closed_on)) <= 60
),

side as (
    select
        t.closed_on,
        t.worker_key as employee_key,
        t.place_key,
        t.said as employee_said,
        cast(null as integer) as manager_said,
        t.closed_on as known_on,
        row_number() over (partition by t.closed_on, t.worker_key order by t.answered_on desc, t.wave_id desc, t.question_id) as place
    from told as t
    where t.about_key is null and t.said is not null
    union all
    select
        n.closed_on,
        t.about_key,
        e.place_key,
        null,
        t.said,
        greatest(n.closed_on, t.closed_on),
        row_number() over (partition by n.closed_on, t.about_key order by t.answered_on desc, t.wave_id desc, t.question_id)
    from told as t
    inner join nearest as n on t.closed_on = n.manager_closed_on and n.place = 1
    inner join core.episode as e
        on t.about_key = e.worker_key and t.answered_on >= e.valid_from and t.answered_on < e.valid_to and t.worker_key = e.manager_key
    where t.said is not null
)

select
    closed_on,
    employee_key,
    coalesce(max(case when employee_said is not null then place_key end), max(place_key)) as place_key,
    max(employee_said) as employee_said,
    max(manager_said) as manager_said,
    max(known_on) as known_on
from side
where place = 1
group by closed_on, employee_key
