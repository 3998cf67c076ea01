-- Half-years worked from beginning to end, in which one was covered, and in which one talked: the four of 183 days each that end with a
-- reporting day. Grain: one row per reporting day, point and place of a person on the last day of a half-year; `point_on` is the next point of
-- the flow calendar from that day on, at which the organisation is looked up. One is known where it is covered throughout, or up to its
-- end and with a conversation in that time. A person has up to four, also after leaving; one that a spell begins or ends in is none.
with step as (
    select 0 as days_back
    union all
    select 183
    union all
    select 366
    union all
    select 549
),

closing as (
    select d.as_of, d.as_of - b.days_back as closed_on, p.point_on
    from raw.reporting_date as d
    cross join step as b
    cross join raw.run as run
    inner join raw.calendar as k on greatest(d.as_of - b.days_back, run.calendar_from) = k.on_day
    inner join raw.flow_point as p on k.point_no = p.point_no
)

select
    c.as_of,
    c.point_on,
    s.place_key,
    count(*) as half_years,
    sum(case when s.state in ('known', 'never') or s.recency_from >= 183 then 1 else 0 end) as known,
    sum(case when s.state = 'known' and s.recency_from < 183 then 1 else 0 end) as talked
from core.standing as s
inner join closing as c on s.valid_from <= c.closed_on and s.valid_to > c.closed_on
where s.tenure_from >= 182
group by c.as_of, c.point_on, s.place_key
