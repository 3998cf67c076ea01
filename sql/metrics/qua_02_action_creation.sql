-- QUA-02 Something was agreed
-- family: Quality and follow-through
-- label: Led to an action
-- question: Does anything come of them?
-- definition: Share of career conversations in which at least one action was agreed.
-- numerator: Conversations with one or more actions
-- denominator: Conversations recorded by a system that records actions, since its first one
-- window: Past 365 days
-- exclusions: Conversations from systems that record no actions, or not yet, are unknown: they leave both sides and are published as a share, with bounds where under 80 % are known.
-- unit: share
-- better: higher
-- interval: counts
-- source: NICEC: conversations that lead to action
-- version: 1
with recording as (
    select source_system, min(agreed_on) as since_on
    from core.action
    group by source_system
),

acted as (
    select distinct conversation_key
    from core.agreed_action
),

placed as (
    select
        d.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        t.worker_key,
        a.conversation_key is not null as has_action,
        a.conversation_key is not null or r.source_system is not null as is_known
    from core.talk as t
    inner join raw.reporting_date as d on t.occurred_on <= d.as_of and t.occurred_on > d.year_before
    left join acted as a on t.conversation_key = a.conversation_key
    left join recording as r on t.source_system = r.source_system and t.occurred_on >= r.since_on
    inner join raw.calendar as k on t.occurred_on = k.on_day
    inner join raw.flow_point as p on k.point_no = p.point_no
    inner join core.place_cell as c on t.place_key = c.place_key
    inner join core.group_at as g on p.point_on = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
)

select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(sum(case when has_action then 1 else 0 end) as double) as numerator,
    cast(sum(case when is_known then 1 else 0 end) as double) as denominator,
    count(distinct case when is_known then worker_key end) as people,
    cast(sum(case when is_known then 0 else 1 end) as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from placed
group by as_of, cut, group_key, second_key
