-- What came of the actions agreed in career conversations, for every published cut, the place and the organisation as they were when the
-- conversation was held (as in core.talk_census). Grain: one row per reporting day, cut and group. Completion is about actions that
-- came due 30 days or more ago, within the past 365 days; the closed loop about conversations of the past 730. People are owners.
with counted as (
    select
        d.as_of,
        a.owner_key,
        a.place_key,
        greatest(a.occurred_on, run.calendar_from) as placed_on,
        a.matured_on <= d.as_of and a.matured_on > d.year_before and a.is_owner_there as is_due,
        coalesce(a.done_on <= a.matured_on, false) as is_done,
        a.done_on is not null or a.status not in ('done', 'unknown') as is_outcome_known,
        a.occurred_on > d.two_years_before as is_agreed,
        coalesce(a.next_on <= d.as_of, false) as has_next,
        coalesce(a.reviewed_on <= a.next_on, false) as is_reviewed
    from core.agreed_action as a
    cross join raw.run as run
    inner join raw.reporting_date as d on a.occurred_on <= d.as_of
    where a.occurred_on > d.two_years_before or (a.matured_on <= d.as_of and a.matured_on > d.year_before)
),

placed as (
    select
        c.cut,
        g.group_key,
        c.second_key,
        a.*
    from counted as a
    inner join raw.calendar as k on a.placed_on = k.on_day
    inner join raw.flow_point as p on k.point_no = p.point_no
    inner join core.place_cell as c on a.place_key = c.place_key
    inner join core.group_at as g on p.point_on = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
)

select
    as_of,
    cut,
    group_key,
    second_key,
    sum(case when is_due then 1 else 0 end) as due,
    sum(case when is_due and is_outcome_known then 1 else 0 end) as due_known,
    sum(case when is_due and is_outcome_known and is_done then 1 else 0 end) as done,
    count(distinct case when is_due and is_outcome_known then owner_key end) as due_owners,
    sum(case when is_agreed then 1 else 0 end) as agreed,
    count(distinct case when is_agreed then owner_key end) as agreed_owners,
    sum(case when is_agreed and has_next then 1 else 0 end) as with_next,
    sum(case when is_agreed and has_next and is_reviewed then 1 else 0 end) as reviewed,
    count(distinct case when is_agreed and has_next then owner_key end) as with_next_owners
from placed
group by as_of, cut, group_key, second_key
