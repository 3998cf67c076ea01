-- Months at risk of the emulated trials, weighted so that among people of the same tenure and openings neither division nor career stage tells who had talked: the
-- pseudo-population of a marginal structural model. A weight is the chance of having talked as a person did, given tenure, openings and months since the last
-- conversation, over the same given division and career stage as well, multiplied up over the months before; it starts with the state people entered in. Weights are cut at
-- the share the protocol names. Grain: one row per cluster (manager, or unit where there is none), internal openings, bands of tenure and of months since the last
-- conversation, `ending` and whether there was a conversation, as in links.trial_cell. `weight` is the sum of the weights, `squared` that of their
-- squares, `largest` the largest of them.
with cell as (
    select division_key, opportunity, career_stage, tenure_band, recency, has_talked, sum(months) as months, sum(case when ending = 'stayed' then months else 0 end) as followed
    from links.trial_cell
    group by division_key, opportunity, career_stage, tenure_band, recency, has_talked
),

-- Logarithms in whole millionths: sums of them do not depend on the order of rows.
factor as (
    select distinct
        division_key, opportunity, career_stage, tenure_band, recency,
        cast(round(1000000 * ln(
            cast(sum(months) over (partition by opportunity, tenure_band, recency) as double)
            / sum(months) over (partition by opportunity, tenure_band)
            * sum(months) over (partition by division_key, opportunity, career_stage, tenure_band)
            / sum(months) over (partition by division_key, opportunity, career_stage, tenure_band, recency)
        )) as bigint) as log_entry
    from cell
),

chance as (
    select
        division_key, opportunity, career_stage, tenure_band, recency, has_talked, followed,
        sum(followed) over (partition by division_key, opportunity, career_stage, tenure_band, recency, has_talked) as own,
        sum(followed) over (partition by division_key, opportunity, career_stage, tenure_band, recency) as own_of,
        sum(followed) over (partition by opportunity, tenure_band, recency, has_talked) as alike,
        sum(followed) over (partition by opportunity, tenure_band, recency) as alike_of
    from cell
),

step as (
    select
        division_key, opportunity, career_stage, tenure_band, recency, has_talked,
        cast(round(1000000 * ln(cast(alike as double) / alike_of * own_of / own)) as bigint) as log_step
    from chance
    where followed > 0
),

entered as (
    select
        r.*,
        sum(case when is_entry then 1 else 0 end) over (
            partition by worker_key, spell_no order by month_no rows between unbounded preceding and current row
        ) as entry_no
    from links.trial_risk as r
),

logged as (
    select
        b.*,
        coalesce(sum(coalesce(s.log_step, 0)) over (
            partition by b.worker_key, b.spell_no, b.entry_no order by b.month_no rows between unbounded preceding and 1 preceding
        ), 0) + sum(case when b.is_entry then e.log_entry else 0 end) over (
            partition by b.worker_key, b.spell_no, b.entry_no order by b.month_no rows between unbounded preceding and current row
        ) as log_weight
    from entered as b
    inner join factor as e
        on b.division_key = e.division_key and b.opportunity = e.opportunity and b.career_stage = e.career_stage and b.tenure_band = e.tenure_band
        and b.recency = e.recency
    left join step as s
        on b.ending = 'stayed' and b.division_key = s.division_key and b.opportunity = s.opportunity and b.career_stage = s.career_stage
        and b.tenure_band = s.tenure_band and b.recency = s.recency and b.has_talked = s.has_talked
),

weighed as (
    select log_weight, count(*) as months
    from logged
    group by log_weight
),

summed as (
    select
        log_weight,
        sum(months) over (order by log_weight rows between unbounded preceding and current row) as reached,
        sum(months) over () as all_months
    from weighed
),

cut as (
    select min(s.log_weight) as largest_log
    from summed as s
    cross join raw.trial_protocol as p
    where s.reached >= p.weights_cut_at * s.all_months
),

-- Weights in whole millionths, for the same reason.
weighted as (
    select
        l.cluster_key, l.opportunity, l.tenure_band, l.recency, l.ending, l.has_talked,
        cast(round(1000000 * exp(least(l.log_weight, c.largest_log) / 1000000.0)) as bigint) as weight
    from logged as l
    cross join cut as c
)

select
    cluster_key, opportunity, tenure_band, recency, ending, has_talked,
    count(*) as months,
    cast(sum(weight) as double) / 1000000 as weight,
    cast(sum(weight * weight) as double) / 1000000000000 as squared,
    cast(max(weight) as double) / 1000000 as largest
from weighted
group by cluster_key, opportunity, tenure_band, recency, ending, has_talked
