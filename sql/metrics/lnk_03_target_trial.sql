-- LNK-03 Exits by choice with a conversation now against none
-- family: Links
-- label: A conversation now or none
-- question: What if people without a recent conversation had one?
-- definition: By how many percentage points more people without a conversation in the past 183 days would leave by choice within twelve months if all of them had one within 60 days than if none had one in these days, as far as what was observed tells. Below 0 fewer would leave. Nothing was tried out: it is an estimate under assumptions.
-- numerator: Risk of giving notice by choice within twelve months with a conversation in the 60 days after time zero, minus that without one in these days
-- denominator: People who entered a trial in any of the past 24 months, counted once among those who talked and once among those who did not
-- window: Trials begun on the first of each of the past 24 complete months
-- exclusions: Who is on long leave, on notice, or employed for less than 90 days does not enter, nor who may have talked without anybody knowing. Everybody is in both arms until they do what the arm does not; those who keep to it are weighted by the inverse of the chance of doing so, given tenure, months since the last conversation, career stage, division and internal openings. Other exits compete. The last day employed stands for a day of notice nobody recorded. What nobody recorded, a good manager above all, may be behind both. No figure where those who keep to an arm are worth fewer than 200 people, one of them stands for more than 20, or even a ratio of 0.70 would be missed in more than one of five samples. The protocol talking_and_leaving 1.0.0 decides.
-- unit: points
-- better: neither
-- interval: target_trial
-- source: Target trial emulation (Hernán and Robins 2016) by cloning, censoring and weighting; bootstrap of managers
-- version: 1
with arm as (
    select
        coalesce(sum(case when talked_in is null then 0 else people end), 0) as talked,
        coalesce(sum(case when talked_in is null then people else 0 end), 0) as silent,
        coalesce(sum(case when ending = 'exit_voluntary' then leavers else 0 end), 0) as leavers
    from links.trial_arm
)

select
    run.as_of,
    'company' as cut,
    'company' as group_key,
    '' as second_key,
    '' as band,
    cast(case when talked >= 10 and silent >= 10 and leavers >= 5 then leavers end as double) as numerator,
    cast(talked + silent as double) as denominator,
    cast(least(talked, silent) as bigint) as people,
    cast(0 as bigint) as unknown,
    cast(null as double) as value,
    cast(null as double) as lo,
    cast(null as double) as hi,
    '' as note
from arm
cross join raw.run as run
