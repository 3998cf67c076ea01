-- DQ-05 Restatement
-- family: Data quality
-- label: Restated closed months
-- question: Does this release say something else about a closed month than the one before?
-- definition: For every closed month end: the difference between the figure as it would be worked out today and as it was published, for the whole company. Late and corrected files make it; the published figure stays as it was, and what has changed is shown here.
-- numerator: Figure as of today's knowledge minus figure as published
-- denominator: None
-- window: Month ends before both releases
-- exclusions: Figures whose definition changed, and figures that are withheld, have no difference but a note; nor have shares of which 1 to 9 people more or fewer are known, as the two together would tell what is known of these few.
-- unit: points
-- better: lower
-- interval: given
-- source: Bitemporal reporting practice: a closed figure is restated openly
-- version: 1
with compared as (
    select
        b.metric_id,
        b.metric_version,
        b.as_of,
        b.band,
        b.unit,
        b.value as value_before,
        n.value as value_now,
        n.metric_version as version_now,
        p.metric_id is null as is_gone,
        -- Where a few people came or went, the two shares would tell what is known of these few.
        b.unit = 'share' and b.n <> n.n and abs(b.n - n.n) < r.smallest as is_few
    from raw.previous_figure as b
    inner join raw.run as run on b.as_of < run.as_of
    inner join raw.reporting_date as d on b.as_of = d.as_of and d.is_month_end
    left join published.metric as p
        on b.metric_id = p.metric_id and b.as_of = p.as_of and b.cut = p.cut and b.group_key = p.group_key and b.second_key = p.second_key and b.band = p.band
    left join raw.present_figure as n
        on b.metric_id = n.metric_id and b.as_of = n.as_of and b.cut = n.cut and b.group_key = n.group_key and b.second_key = n.second_key and b.band = n.band
    cross join raw.smallest_group as r
)

select
    metric_id,
    metric_version,
    as_of,
    band,
    unit,
    value_before,
    case when not coalesce(is_few, false) then value_now end as value_now,
    case when metric_version = version_now and not coalesce(is_few, false) then value_now - value_before end as difference,
    case
        when is_gone then 'no longer reported'
        when metric_version <> version_now then 'definition changed'
        when is_few then 'hidden: few people came or went'
        when value_now is null then 'withheld now'
        else ''
    end as note
from compared
