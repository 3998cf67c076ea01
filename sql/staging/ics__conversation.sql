-- Appointments of calendar files with a career tag, of an organiser and one other person who accepted: candidates, planned and not known
-- to be held. The invited person stands for the employee, the organiser for the partner. Grain: one row per event, as it was last delivered.
with event as (
    select e.*, event_id || coalesce(':' || changed_instance, '') as record_id
    from raw.ics__event as e
),

latest as (
    select event.*, row_number() over (partition by record_id order by _as_of desc, changed_at desc nulls last, _line desc) as place
    from event
),

candidate as (
    select
        record_id, upper(event_status) as event_status, upper(trim(organiser_email)) as organiser, starts_at, ends_at, guest_email, guest_answers,
        changed_at, _as_of, _line
    from latest
    where
        place = 1
        and starts_at is not null
        and coalesce(career_tag, career_category) is not null
        and coalesce(upper(event_status), 'CONFIRMED') in ('CONFIRMED', 'CANCELLED')
        and coalesce(upper(visibility), 'PUBLIC') = 'PUBLIC'
        -- Two people and at most one room.
        and length(guest_email) - length(replace(guest_email, ';', '')) <= 2
),

guest as (
    select record_id, organiser, upper(trim(split_part(guest_email, ';', 1))) as address, upper(trim(split_part(guest_answers, ';', 1))) as answer
    from candidate
    union all
    select record_id, organiser, upper(trim(split_part(guest_email, ';', 2))), upper(trim(split_part(guest_answers, ';', 2)))
    from candidate
    union all
    select record_id, organiser, upper(trim(split_part(guest_email, ';', 3))), upper(trim(split_part(guest_answers, ';', 3)))
    from candidate
),

pair as (
    select record_id, max(case when address <> organiser then address end) as invited
    from guest
    where address <> '' and address not like '%@RESOURCE.CALENDAR.GOOGLE.COM'
    group by record_id
    -- Many calendars do not list the organiser among the guests; one that is listed must have accepted, too.
    having
        sum(case when address <> organiser then 1 else 0 end) = 1
        and sum(case when address = organiser then 1 else 0 end) <= 1
        and sum(case when answer = 'ACCEPTED' then 1 else 0 end) = count(*)
)

select
    c.record_id as conversation_id,
    p.invited as employee_id,
    cast(c.starts_at as date) as occurred_on,
    'day' as date_precision,
    c.organiser as partner_id,
    'unknown' as partner_role,
    'unknown' as initiated_by,
    'unknown' as setting,
    'unknown' as channel,
    case when date_diff('minute', c.starts_at, c.ends_at) between 1 and 480 then date_diff('minute', c.starts_at, c.ends_at) end as duration_min,
    case when date_diff('minute', c.starts_at, c.ends_at) between 1 and 480 then 'scheduled' end as duration_basis,
    'unknown' as purpose,
    cast(null as varchar) as support_type,
    cast(null as boolean) as is_prepared,
    cast(null as bigint) as usefulness,
    'explicit' as career_content,
    case when c.event_status = 'CANCELLED' then 'cancelled' else 'scheduled_only' end as status,
    'none' as confirmed_by,
    coalesce(cast(c.changed_at as date), c._as_of) as recorded_on,
    'ics' as source_system,
    c._as_of as delivered_on,
    c._line as delivered_line,
    'unknown' as rated_by
from candidate as c
inner join pair as p on c.record_id = p.record_id
