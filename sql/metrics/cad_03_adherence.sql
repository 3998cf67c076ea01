-- CAD-03 Half-years with a conversation
-- family: Cadence
-- label: Half-years with a talk
-- question: Every half-year, or now and then?
-- definition: Share of half-years of employment in which the person had at least one career conversation, over the past two years.
-- numerator: Half-years with one or more
-- denominator: Half-years of 183 days that somebody was employed in throughout and of which it is known
-- window: The four half-years up to the date (732 days)
-- exclusions: Half-years in which somebody joined or left are dropped; people who have left since count up to then. Half-years no source covers, without a conversation on record, leave both sides and are published as a share. People count where they were on the last day of the half-year, in the organisation of that time. Four half-years count as one person in the interval and in what is hidden.
-- unit: share
-- better: higher
-- interval: people
-- source: Half-yearly rhythm of public employee surveys
-- version: 1
with placed as (
    select
        h.as_of,
        c.cut,
        g.group_key,
        c.second_key,
        h.half_years,
        h.known,
        h.talked
    from core.half_year as h
    inner join core.place_cell as c on h.place_key = c.place_key
    inner join core.group_at as g on h.point_on = g.on_day and c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
)

select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(sum(talked) as double) as numerator,
    cast(sum(known) as double) as denominator,
    -- A person has at most four, so at least this many stand behind the figure.
    cast(ceil(sum(known) / 4.0) as bigint) as people,
    cast(ceil((sum(half_years) - sum(known)) / 4.0) as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from placed
group by as_of, cut, group_key, second_key
