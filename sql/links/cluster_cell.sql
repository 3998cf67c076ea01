-- Person-months at risk in a state and what happened in them, by cluster: the cells of the estimators where what goes on under one manager counts. Grain: one row
-- per clock, exposure, lag, level, pattern (links.placing), calendar year, cluster, person (promotions only) and band of months by the clock, named by its
-- first month. The sums of links.cluster_change over its chunks.
select
    clock, exposure, lag_months, level, pattern_no, year_no, cluster_no, worker_no, clock_month, cast(sum(at_risk) as bigint) as at_risk,
    cast(sum(voluntary) as bigint) as voluntary, cast(sum(involuntary) as bigint) as involuntary, cast(sum(other) as bigint) as other,
    cast(sum(promotion) as bigint) as promotion
from links.cluster_change
group by clock, exposure, lag_months, level, pattern_no, year_no, cluster_no, worker_no, clock_month
