-- MGR-02 Coverage of a manager's team, small teams drawn to the average
-- family: Manager health
-- label: Team coverage, steadied
-- question: Which teams are really below the others?
-- definition: Share of a manager's direct reports with a career conversation in the past 183 days, drawn towards the average of all managers, the more the smaller the team: what is likely true of the team, rather than how its last few answers happened to fall.
-- numerator: Direct reports with one or more in the past 183 days
-- denominator: Direct reports employed for the whole window of whom that is known
-- window: Past 183 days
-- exclusions: Managers of fewer than three such people have no figure of their own: for them the company's figure holds. With fewer than ten managers, or where all have or none has talked, there is no figure. People not covered by a source are unknown, published as a share.
-- unit: share
-- better: higher
-- interval: beta_binomial
-- source: Casella 1985; Stehlík 2023: empirical Bayes for small teams
-- version: 1
select
    as_of,
    cut,
    group_key,
    second_key,
    '' as band,
    cast(half_year_talked as double) as numerator,
    cast(half_year_known as double) as denominator,
    cast(half_year_known as bigint) as people,
    cast(half_year - half_year_known as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from core.census
where cut = 'manager'
