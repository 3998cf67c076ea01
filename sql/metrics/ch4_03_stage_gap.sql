-- CH4-03 Gap between career stages
-- family: Characteristics
-- label: Gap between career stages
-- question: Is any career stage left out?
-- definition: Percentage points between the career stage with the highest and the one with the lowest share of people who talked in the past 6 months (COV-02).
-- numerator: Highest minus lowest share over the stages
-- denominator: People of the stages compared, employed for the whole window, of whom it is known
-- window: Past 183 days
-- exclusions: Stages with fewer than ten such people, or with more than 40 % unknown, are not compared; no figure with fewer than two stages. People whose stage is not known are unknown. The largest of several differences is above zero by chance alone, so it has no interval and small gaps mean nothing. For the company and its units only.
-- unit: points
-- better: lower
-- interval: given
-- source: Parley: different support at different times
-- version: 1
with stage as (
    select
        as_of,
        case cut when 'career_stage' then 'company' else 'org_unit' end as whole,
        case cut when 'career_stage' then 'company' else group_key end as whole_key,
        case cut when 'career_stage' then group_key else second_key end as stage_key,
        half_year,
        half_year_known,
        half_year_talked
    from core.census
    where cut in ('career_stage', 'org_unit_career_stage')
),

compared as (
    select
        as_of,
        whole,
        whole_key,
        count(*) as stages,
        max(half_year_talked / cast(half_year_known as double)) - min(half_year_talked / cast(half_year_known as double)) as distance,
        sum(half_year_known) as known
    from stage
    where stage_key <> 'unknown' and half_year_known >= 10 and (half_year - half_year_known) * 10 <= half_year * 4
    group by as_of, whole, whole_key
),

unclear as (
    select
        as_of, whole, whole_key,
        sum(case when stage_key = 'unknown' then half_year else half_year - half_year_known end) as people_unknown
    from stage
    group by as_of, whole, whole_key
)

select
    t.as_of,
    t.cut,
    t.group_key,
    t.second_key,
    '' as band,
    cast(null as double) as numerator,
    cast(coalesce(c.known, 0) as double) as denominator,
    cast(coalesce(c.known, 0) as bigint) as people,
    cast(coalesce(u.people_unknown, 0) as bigint) as unknown,
    case when c.stages >= 2 then 100 * c.distance end as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.census as t
left join compared as c on t.as_of = c.as_of and t.cut = c.whole and t.group_key = c.whole_key
left join unclear as u on t.as_of = u.as_of and t.cut = u.whole and t.group_key = u.whole_key
where t.cut in ('company', 'org_unit')
