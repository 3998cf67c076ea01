-- RCY-08 Say they had one in the past six months
-- family: Recency
-- label: Say: within 6 months
-- question: What do people themselves say?
-- definition: Share of survey respondents who say that their last career conversation was within the past six months.
-- numerator: Answers up to six months
-- denominator: Answers that say how long ago
-- window: The last survey that had closed by the date
-- exclusions: 'Not sure', numbers and other words than the item's are unknown, published as a share; previews, blanks, non-employees.
-- unit: share
-- better: higher
-- interval: counts
-- source: Parley's survey item
-- version: 2
with last_wave as (
    select d.as_of, max(r.closed_on) as closed_on
    from core.response as r
    inner join raw.reporting_date as d on r.closed_on <= d.as_of
    where r.construct = 'career_recency'
    group by d.as_of
),

given as (
    select *, replace(lower(value_raw), '–', '-') as how_long_ago
    from core.response
    where construct = 'career_recency' and value_raw is not null
),

answer as (
    select
        w.as_of,
        coalesce(r.worker_key, r.response_key) as person,
        coalesce(e.place_key, 'nowhere') as place_key,
        r.how_long_ago in ('within the last month', '1-3 months ago', '3-6 months ago') as is_recent,
        r.how_long_ago in (
            'within the last month', '1-3 months ago', '3-6 months ago', '6-12 months ago', 'more than 12 months ago', 'never'
        ) as is_known
    from given as r
    inner join last_wave as w on r.closed_on = w.closed_on
    left join core.episode as e on r.worker_key = e.worker_key and r.answered_on >= e.valid_from and r.answered_on < e.valid_to
    left join core.worker as p on r.worker_key = p.worker_key
    where coalesce(p.in_scope, true)
),

placed as (
    select
        a.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        a.*
    from answer as a
    inner join core.place_cell as c on a.place_key = c.place_key
    inner join core.group_at as g on a.as_of = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
)

select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(sum(case when is_recent then 1 else 0 end) as double) as numerator,
    cast(sum(case when is_known then 1 else 0 end) as double) as denominator,
    count(distinct case when is_known then person end) as people,
    cast(sum(case when is_known then 0 else 1 end) as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from placed
group by as_of, cut, group_key, second_key
