-- OUT-02 Retention
-- family: Outcomes
-- label: Still here after a year
-- question: How many of those here a year ago are still here?
-- definition: Share of the people employed 365 days ago who are still in the same employment spell.
-- numerator: Those still in the same spell
-- denominator: People employed 365 days before the date, by where they were then
-- window: Past 365 days
-- exclusions: People who joined later are not in it: it is not one minus turnover. A rehire is a new spell.
-- unit: share
-- better: higher
-- interval: counts
-- source: SHRM
-- version: 1
with cohort as (
    select
        d.as_of,
        d.year_before,
        e.place_key,
        count(*) as people,
        sum(case when s.ends_on > d.as_of then 1 else 0 end) as retained
    from core.episode as e
    inner join raw.reporting_date as d on e.valid_from <= d.year_before and e.valid_to > d.year_before
    inner join core.employment as s on e.worker_key = s.worker_key and e.spell_no = s.spell_no
    group by d.as_of, d.year_before, e.place_key
),

placed as (
    select
        k.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        k.people,
        k.retained
    from cohort as k
    inner join core.place_cell as c on k.place_key = c.place_key
    inner join core.group_at as g on k.year_before = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
)

select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(sum(retained) as double) as numerator,
    cast(sum(people) as double) as denominator,
    cast(sum(people) as bigint) as people,
    cast(0 as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from placed
group by as_of, cut, group_key, second_key
