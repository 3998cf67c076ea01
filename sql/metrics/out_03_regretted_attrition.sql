-- OUT-03 Regretted attrition
-- family: Outcomes
-- label: Valued people who left
-- question: How many leave whom we wanted to keep?
-- definition: Exits by choice of people who had been called valued 60 days or more before they gave notice, over the mean of the daily head-counts.
-- numerator: Exits by choice, counted on the last day employed, of people whose newest judgement at least 60 days before the notice said that they were valued; it had been written down before the notice
-- denominator: Mean of the daily head-counts (heads, people on leave included, contractors not)
-- window: Past 365 days
-- exclusions: Where the day of notice is not known the last day employed stands for it. Leavers without such a judgement leave the numerator and are published as a share; the band 'if unknown valued' shows the rate if all of them had been. Judgements written after notice say nothing. Hidden where fewer leavers than the smallest group stand behind it.
-- unit: rate
-- better: lower
-- interval: counts
-- source: Usual practice: exits by choice of people flagged as valued before notice; many count all exits by choice
-- version: 1
with headcount as (
    select d.as_of, d.year_before, f.cut, f.group_key, f.second_key, sum(f.employed_days) / 365.0 as people
    from core.flow as f
    inner join raw.reporting_date as d on f.point_on <= d.as_of and f.point_on > d.year_before
    group by d.as_of, d.year_before, f.cut, f.group_key, f.second_key
),

placed as (
    select
        d.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        r.worker_key,
        r.is_valued
    from core.regret as r
    inner join raw.reporting_date as d on r.last_day_on <= d.as_of and r.last_day_on > d.year_before
    inner join raw.calendar as k on r.last_day_on = k.on_day
    inner join raw.flow_point as p on k.point_no = p.point_no
    inner join core.place_cell as c on r.place_key = c.place_key
    inner join core.group_at as g on p.point_on = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
),

leaver as (
    select
        as_of, cut, group_key, second_key,
        sum(case when is_valued then 1 else 0 end) as valued,
        count(is_valued) as judged,
        count(*) as exits,
        count(distinct case when is_valued is not null then worker_key end) as judged_people,
        count(distinct worker_key) as exit_people
    from placed
    group by as_of, cut, group_key, second_key
),

banded as (
    select h.*, '' as band, l.valued as events, l.judged_people as heads, l.exits - l.judged as unjudged
    from headcount as h
    left join leaver as l on h.as_of = l.as_of and h.cut = l.cut and h.group_key = l.group_key and h.second_key = l.second_key
    union all
    select h.*, 'if unknown valued', l.valued + l.exits - l.judged, l.exit_people, 0
    from headcount as h
    inner join leaver as l on h.as_of = l.as_of and h.cut = l.cut and h.group_key = l.group_key and h.second_key = l.second_key
    where l.exits > l.judged
)

-- The secret is about the leavers, so it is they who must be enough, not those they left behind.
select
    as_of,
    cut,
    group_key,
    second_key,
    band,
    cast(coalesce(events, 0) as double) as numerator,
    cast(people as double) as denominator,
    cast(coalesce(heads, 0) as bigint) as people,
    cast(coalesce(unjudged, 0) as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from banded
where people > 0
