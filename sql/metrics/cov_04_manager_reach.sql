-- COV-04 Managers who reach their people
-- family: Coverage
-- label: Managers reaching 80 %
-- question: How many managers reach nearly everybody?
-- definition: Share of managers at least 80 % of whose direct reports had a career conversation, with anybody, in the past 12 months.
-- numerator: Managers with 80 % or more
-- denominator: Managers with three or more direct reports who have all been with them for 90 days
-- window: Past 365 days, direct reports on the date
-- exclusions: Managers with more than 20 % of direct reports unknown are unknown.
-- unit: share
-- better: higher
-- interval: counts
-- source: Usage reports of conversation tools
-- version: 1
with manager as (
    select
        as_of,
        group_key as manager_key,
        settled_year_known * 5 >= settled_year * 4 as is_known,
        settled_year_talked * 5 >= settled_year_known * 4 and settled_year_known > 0 as is_reaching
    from core.census
    where cut = 'manager' and settled >= 3 and settled = employed and settled_year > 0
),

stationed as (
    select m.as_of, m.manager_key as person_key, m.is_known, m.is_reaching, e.place_key
    from manager as m
    inner join core.episode as e on m.manager_key = e.worker_key and e.valid_from <= m.as_of and e.valid_to > m.as_of
),

placed as (
    select
        s.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        s.is_known,
        s.is_reaching
    from stationed as s
    inner join core.place_cell as c on s.place_key = c.place_key
    inner join core.group_at as g on s.as_of = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
)

select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(sum(case when is_known and is_reaching then 1 else 0 end) as double) as numerator,
    cast(sum(case when is_known then 1 else 0 end) as double) as denominator,
    cast(sum(case when is_known then 1 else 0 end) as bigint) as people,
    cast(sum(case when is_known then 0 else 1 end) as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from placed
group by as_of, cut, group_key, second_key
