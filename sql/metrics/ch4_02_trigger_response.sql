-- CH4-02 Talked when something changed
-- family: Characteristics
-- label: Talked after a change
-- question: Do they come when they are needed?
-- definition: Share of the events that call for a career conversation which were followed by one within 60 days: a new job, a new manager, the return from leave, three years in one job, a reorganisation.
-- numerator: Events followed by a conversation within 60 days, before an exit
-- denominator: Events of people still employed 60 days later, or who had one before they left, and of which that is known
-- window: Events of the past 365 days that are 60 days old; what coincides on one day is one event
-- exclusions: Events of people who left within 60 days without one are reported apart: the band 'left first' is their share of all events known. Unsuccessful internal applications belong to the definition, but no source delivers them. A hire is no event (see RCY-07), nor is a new title. Events whose 60 days no source covers leave both sides and are published as a share.
-- unit: share
-- better: higher
-- interval: counts
-- source: Parley: different support at different times; career support at life events in public health services
-- version: 1
with placed as (
    select
        d.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        t.worker_key,
        t.outcome
    from core.trigger as t
    inner join raw.reporting_date as d on t.matured_on <= d.as_of and t.triggered_on > d.year_before
    inner join raw.calendar as k on t.triggered_on = k.on_day
    inner join raw.flow_point as p on k.point_no = p.point_no
    inner join core.place_cell as c on t.place_key = c.place_key
    inner join core.group_at as g on p.point_on = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
),

tallied as (
    select
        as_of, cut, group_key, second_key,
        sum(case when outcome = 'talked' then 1 else 0 end) as talked,
        sum(case when outcome in ('talked', 'none') then 1 else 0 end) as settled,
        sum(case when outcome = 'left' then 1 else 0 end) as gone,
        sum(case when outcome = 'unknown' then 1 else 0 end) as unclear,
        count(distinct case when outcome in ('talked', 'none') then worker_key end) as settled_people,
        count(distinct case when outcome <> 'unknown' then worker_key end) as known_people
    from placed
    group by as_of, cut, group_key, second_key
),

banded as (
    select as_of, cut, group_key, second_key, '' as band, talked as events, settled as base, settled_people as heads, unclear from tallied
    union all
    select as_of, cut, group_key, second_key, 'left first', gone, settled + gone, known_people, unclear from tallied
)

select
    as_of,
    cut,
    group_key,
    second_key,
    band,
    cast(events as double) as numerator,
    cast(base as double) as denominator,
    cast(heads as bigint) as people,
    cast(unclear as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from banded
