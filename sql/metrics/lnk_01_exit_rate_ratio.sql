-- LNK-01 Exits by choice in date against out of date
-- family: Links
-- label: Exits, in date to out
-- question: Do people who have talked leave less?
-- definition: How often people leave by choice in months for which they had had a career conversation within 183 days, divided by how often in months without one, among people of the same month of tenure in the same division. 1 is no difference; below 1 those who had talked leave less. It is an association, not cause.
-- numerator: Exits by choice, at notice, per month at risk after a conversation in the 183 days up to 60 days before the month
-- denominator: The same for months without such a conversation, in the same month of tenure and division (Mantel-Haenszel)
-- window: Months begun in the past 730 days
-- exclusions: A month counts for who is eligible on its first day (90 days employed, not on leave for more than half of the past 183) and has not given notice. The last day employed stands for a day of notice nobody recorded. Other exits end the time at risk. Months of which nobody knows, and the first 365 days where recording began after the hire, leave both sides and are published as a share. Looking 60 days back keeps out talks that stop because somebody is about to leave, but not longer ahead; what makes both talks and leaving likely, a good manager above all, is still in it. No figure unless each side has ten people and five exits. The interval takes all months under one manager as dependent.
-- unit: ratio
-- better: neither
-- interval: mantel_haenszel
-- source: Mantel-Haenszel rate ratio (Rothman and Greenland), variance robust to clusters; delayed entry and time-dependent exposure as in survival analysis
-- version: 1
with clipped as (
    select
        w.as_of,
        c.status,
        c.people,
        c.people * (least(c.last_month, w.last_month) - greatest(c.first_month, w.first_month) + 1) as months,
        case when c.exit_type = 'exit_voluntary' and c.last_month <= w.last_month then c.people else 0 end as exits
    from links.exit_cell as c
    inner join links.exit_window as w on c.first_month <= w.last_month and c.last_month >= w.first_month
),

arm as (
    select
        as_of,
        sum(case when status = 'in_date' then months else 0 end) as in_date_months,
        sum(case when status = 'out_of_date' then months else 0 end) as out_of_date_months,
        sum(case when status = 'unknown' then months else 0 end) as unknown_months,
        sum(case when status = 'in_date' then exits else 0 end) as in_date_exits,
        sum(case when status = 'out_of_date' then exits else 0 end) as out_of_date_exits
    from clipped
    group by as_of
),

-- Nobody has more than 24 months in the window: there are at least so many people on the smaller side.
sized as (
    select arm.*, cast(floor(least(in_date_months, out_of_date_months) / 24.0) as bigint) as people
    from arm
)

select
    as_of,
    'company' as cut,
    'company' as group_key,
    '' as second_key,
    '' as band,
    cast(case when people >= 10 and in_date_exits >= 5 and out_of_date_exits >= 5 then in_date_exits + out_of_date_exits end as double) as numerator,
    cast(in_date_months + out_of_date_months as double) as denominator,
    people,
    cast(unknown_months as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from sized
