-- OUT-06 Would recommend working here (eNPS)
-- family: Outcomes
-- label: eNPS
-- question: Would people recommend working here?
-- definition: Percentage of promoters (9 and 10) minus percentage of detractors (0 to 6) among the answers from 0 to 10, from -100 to 100.
-- numerator: Promoters minus detractors, in percent
-- denominator: Valid answers from 0 to 10
-- window: The last survey that had closed by the date, by the organisation as it was when it closed
-- exclusions: Blanks; answers that are no whole number from 0 to 10 are unknown, published as a share; non-employees. The interval is the adjusted Wald interval of a difference of two shares of one sample: three quarters of an answer more on either side, three in all.
-- unit: points
-- better: higher
-- interval: given
-- source: Employee net promoter score as survey vendors use it; Rocks 2016
-- version: 1
with valid as (
    select
        closed_on,
        place_key,
        person,
        case when score between 0 and 10 and score = floor(score) then score end as score
    from (
        select closed_on, place_key, person, try_cast(value_raw as double) as score
        from core.answer_place
        where construct = 'enps' and about_key is null
    ) as given
),

counted as (
    select
        closed_on,
        place_key,
        sum(case when score >= 9 then 1 else 0 end) as promoters,
        sum(case when score <= 6 then 1 else 0 end) as detractors,
        count(score) as known,
        count(distinct case when score is not null then person end) as people,
        count(*) - count(score) as unknown
    from valid
    group by closed_on, place_key
),

summed as (
    select
        w.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        cast(sum(n.promoters) as double) as promoters,
        cast(sum(n.detractors) as double) as detractors,
        cast(sum(n.known) as double) as known,
        cast(sum(n.people) as bigint) as people,
        cast(sum(n.unknown) as bigint) as unknown
    from counted as n
    inner join core.last_wave as w on n.closed_on = w.closed_on and w.construct = 'enps'
    inner join core.place_cell as c on n.place_key = c.place_key
    inner join core.wave_group as g on n.closed_on = g.closed_on and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
    group by w.as_of, c.cut, g.group_key, c.second_key
),

adjusted as (
    select
        s.*,
        (promoters - detractors) / known as net,
        (promoters - detractors) / (known + 3) as centre,
        1.959963984540054 * sqrt(((promoters + detractors + 1.5) * (known + 3) - (promoters - detractors) * (promoters - detractors)) / (known + 3))
        / (known + 3) as half_width
    from summed as s
    where known > 0
)

select
    s.as_of,
    s.cut,
    s.group_key,
    s.second_key,
    '' as band,
    s.promoters as numerator,
    s.known as denominator,
    s.people,
    s.unknown,
    100 * a.net as value,
    -- Of a single answer the interval is drawn to the middle so far that it would leave the figure itself out.
    case when a.net is not null then 100 * least(a.net, greatest(a.centre - a.half_width, -1.0)) end as lo,
    case when a.net is not null then 100 * greatest(a.net, least(a.centre + a.half_width, 1.0)) end as hi,
    '' as note
from summed as s
left join adjusted as a on s.as_of = a.as_of and s.cut = a.cut and s.group_key = a.group_key and s.second_key = a.second_key
