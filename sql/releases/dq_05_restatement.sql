-- DQ-05 Restatement
-- family: Data quality
-- label: Restated closed months
-- question: Does this release say something else about a closed month than the one before?
-- definition: For every closed month end that both releases speak of: the difference between the figure now and the figure then, for the whole company. Late and corrected files make it; it is shown, never written over in silence.
-- numerator: Figure in this release minus figure in the release before
-- denominator: None
-- window: Month ends before both releases
-- exclusions: Figures whose definition changed between the releases, and figures that either release withheld, have no difference but a note.
-- unit: points
-- better: lower
-- interval: given
-- source: Bitemporal reporting practice: a closed figure is restated openly
-- version: 1
select
    b.metric_id,
    b.metric_version,
    b.as_of,
    b.band,
    b.unit,
    b.value as value_before,
    n.value as value_now,
    case when b.metric_version = n.metric_version then n.value - b.value end as difference,
    case
        when n.metric_id is null then 'no longer reported'
        when b.metric_version <> n.metric_version then 'definition changed'
        when n.value is null then 'withheld now'
        else ''
    end as note
from raw.previous_figure as b
inner join raw.run as run on b.as_of < run.as_of
inner join raw.reporting_date as d on b.as_of = d.as_of and d.is_month_end
left join published.metric as n
    on b.metric_id = n.metric_id and b.as_of = n.as_of and b.cut = n.cut and b.group_key = n.group_key and b.second_key = n.second_key and b.band = n.band
