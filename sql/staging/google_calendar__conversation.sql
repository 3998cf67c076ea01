-- Appointments tagged #career of exactly two people who both accepted: candidates, planned and not known to be held. The invited person
-- stands for the employee, the organiser for the partner. A deleted event keeps no guests: those of its last full delivery count.
-- Grain: one row per event, as it was last delivered.
with event as (
    select
        e.*,
        -- Some exports give every event of a series the id of the series.
        case when event_id = series_id and starts_at is not null then event_id || ':' || cast(cast(starts_at as date) as varchar) else event_id end
            as record_id
    from raw.google_calendar__event as e
),

latest as (
    select record_id, event_status, row_number() over (partition by record_id order by _as_of desc, _line desc) as place
    from event
),

detailed as (
    select event.*, row_number() over (partition by record_id order by _as_of desc, _line desc) as place
    from event
    where starts_at is not null
),

candidate as (
    select record_id, upper(trim(organiser_email)) as organiser, starts_at, ends_at, guest_email, guest_answers, _as_of, _line
    from detailed
    where
        place = 1
        and career_tag is not null
        and event_status <> 'tentative'
        and coalesce(visibility, 'default') not in ('private', 'confidential')
        and not coalesce(is_guest_list_cut, false)
        -- Two people and at most one room.
        and length(guest_email) - length(replace(guest_email, ';', '')) <= 2
),

guest as (
    select record_id, organiser, upper(trim(split_part(guest_email, ';', 1))) as address, lower(trim(split_part(guest_answers, ';', 1))) as answer
    from candidate
    union all
    select record_id, organiser, upper(trim(split_part(guest_email, ';', 2))), lower(trim(split_part(guest_answers, ';', 2)))
    from candidate
    union all
    select record_id, organiser, upper(trim(split_part(guest_email, ';', 3))), lower(trim(split_part(guest_answers, ';', 3)))
    from candidate
),

pair as (
    select record_id, max(case when address <> organiser then address end) as invited
    from guest
    where address <> '' and address not like '%@RESOURCE.CALENDAR.GOOGLE.COM'
    group by record_id
    having
        count(*) = 2
        and sum(case when answer = 'accepted' then 1 else 0 end) = 2
        and sum(case when address = organiser then 1 else 0 end) = 1
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
    case when l.event_status = 'cancelled' then 'cancelled' else 'scheduled_only' end as status,
    'none' as confirmed_by,
    c._as_of as recorded_on,
    'google_calendar' as source_system,
    c._as_of as delivered_on,
    c._line as delivered_line,
    'unknown' as rated_by
from candidate as c
inner join pair as p on c.record_id = p.record_id
inner join latest as l on c.record_id = l.record_id and l.place = 1
