-- People with a conversation in the past 365 days that they started themselves, and of how many that is known. Grain: one row per reporting
-- day and place. Known are those with such a conversation since a source of single
-- conversations began to cover them without a gap, and those it covered for the whole window (or spell), unless it is not recorded
-- who started one of theirs. The covered are signed changes summed up; the others are counted over conversations.
with covered as (
    select
        case when event_covered_from <= started_on then valid_from else greatest(valid_from, event_covered_from + 364) end as known_from,
        valid_to as known_to,
        place_key
    from core.episode
    where is_eligible and event_covered_from is not null
),

signed as (
    select k.reporting_no, 1 as sign, c.place_key
    from covered as c
    cross join raw.run as run
    inner join raw.calendar as k on greatest(c.known_from, run.calendar_from) = k.on_day
    where c.known_from < c.known_to
    union all
    select k.reporting_no, -1 as sign, c.place_key
    from covered as c
    cross join raw.run as run
    inner join raw.calendar as k on greatest(c.known_to, run.calendar_from) = k.on_day
    where c.known_from < c.known_to
),

change as (
    select reporting_no, place_key, sum(sign) as covered_people
    from signed
    group by reporting_no, place_key
),

talker as (
    select
        d.as_of, t.worker_key, e.place_key,
        e.event_covered_from <= greatest(e.started_on, d.year_before + 1) as is_covered,
        max(case when t.initiated_by = 'employee' and t.occurred_on >= e.event_covered_from then 1 else 0 end) as started,
        max(case when t.initiated_by = 'unknown' then 1 else 0 end) as unclear
    from core.talk as t
    inner join raw.reporting_date as d on t.occurred_on <= d.as_of and t.occurred_on > d.year_before
    inner join core.episode as e
        on t.worker_key = e.worker_key and e.valid_from <= d.as_of and e.valid_to > d.as_of and t.occurred_on >= e.started_on
    where e.is_eligible and e.event_covered_from is not null
    group by
        d.as_of, d.year_before, t.worker_key, e.place_key, e.event_covered_from, e.started_on
),

part as (
    select d.as_of, x.place_key, 0 as starters, x.covered_people as known
    from change as x
    inner join raw.reporting_date as d on x.reporting_no <= d.reporting_no
    union all
    select
        as_of, place_key, started,
        case when started = 1 and not is_covered then 1 when started = 0 and is_covered and unclear = 1 then -1 else 0 end
    from talker
)

select as_of, place_key, sum(starters) as starters, sum(known) as known
from part
group by as_of, place_key
