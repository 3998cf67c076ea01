-- DQ-03 Days until it is recorded
-- family: Data quality
-- label: Days until recorded
-- question: How late do we hear of a conversation?
-- definition: Nine in ten career conversations recorded in the window had been recorded within this many days, by source.
-- numerator: 90th percentile (nearest rank) of days from the conversation to its record
-- denominator: Conversations recorded in the window whose day is known
-- window: Recorded in the past 183 days
-- exclusions: Conversations dated by the month or the quarter leave both sides; their share is published. Where a source does not say when it recorded one, the date of the file counts.
-- unit: days
-- better: lower
-- interval: given
-- source: Two dates for every fact: when it held and when it was known
-- version: 1
with recorded as (
    select
        d.as_of,
        c.source_system,
        c.worker_key,
        case when coalesce(c.date_precision, 'day') = 'day' then date_diff('day', c.occurred_on, c.recorded_on) end as days
    from core.conversation as c
    inner join raw.reporting_date as d on c.recorded_on <= d.as_of and c.recorded_on > d.as_of - 183 and c.occurred_on <= d.as_of
),

ranked as (
    select
        recorded.*,
        row_number() over (partition by as_of, source_system order by days nulls last, worker_key) as place,
        count(days) over (partition by as_of, source_system) as known
    from recorded
)

select
    as_of,
    'source_field' as cut,
    source_system as group_key,
    'recorded_on' as second_key,
    '' as band,
    cast(null as double) as numerator,
    cast(known as double) as denominator,
    count(distinct case when days is not null then worker_key end) as people,
    count(*) - known as unknown,
    cast(max(case when place = ceil(known * 9 / 10.0) then days end) as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from ranked
group by as_of, source_system, known
