-- Trials emulated month by month of people without a recent conversation: when within the days of grace they had one, and how they fared. Grain: one row
-- per cluster (manager, or unit where there is none), division, internal openings, career stage, band of tenure and of months since the last conversation,
-- `talked_in` (the month after time zero, from 0, with the first conversation within the days of grace; null: none), and `ending` ('followed' or an exit type) in the
-- month `end_month` after time zero, from 0; who is followed was so for `end_month` months. `people` counts everybody once among those who talked and once among
-- those who did not, so that it adds up to people, and `leavers` everybody once whose exit is within the horizon of a trial; `trials` counts everybody as often as
-- they entered.
with looked_at as (
    select max(month_no) as to_month
    from links.trial_month
),

entered as (
    select
        s.*,
        m.month_no,
        m.first_on,
        p.horizon_months,
        m.month_no - s.hire_month as tenure_month,
        m.month_no - 1 - s.talk_month as since_month,
        w.to_month - m.month_no + 1 as followed_months,
        s.notice_month - m.month_no as exit_month,
        case when s.next_on < m.first_on + p.grace_days then extract(year from s.next_on) * 12 + extract(month from s.next_on) - m.month_no end as grace_month,
        p.grace_days
    from links.trial_stretch as s
    inner join links.trial_month as m on m.month_no between s.first_month and s.last_month
    cross join raw.trial_protocol as p
    cross join raw.run as run
    cross join looked_at as w
    where (s.last_on is null or s.last_on < m.first_on - p.days_without_conversation)
        and m.first_on + p.grace_days <= run.horizon
),

-- A conversation after the exit, or in the month of it, comes too late to be an answer; days of grace nobody recorded tell nothing.
arm as (
    select
        e.*,
        case when e.grace_month < coalesce(e.exit_month, e.grace_month + 1) then least(e.grace_month, 1) end as talked_in
    from entered as e
    where e.covered_to >= e.first_on + e.grace_days or e.exit_month < 2
),

ended as (
    select
        a.*,
        case when a.exit_month < a.horizon_months then a.exit_type else 'followed' end as ending,
        case when a.exit_month < a.horizon_months then a.exit_month else least(a.horizon_months, a.followed_months) end as end_month,
        row_number() over (partition by a.worker_key, case when a.talked_in is null then 0 else 1 end order by a.month_no) as nth,
        row_number() over (partition by a.worker_key, a.spell_no order by a.month_no desc) as nth_last
    from arm as a
)

select
    cluster_key,
    division_key,
    opportunity,
    career_stage,
    case
        when tenure_month < 12 then 'under_1_year'
        when tenure_month < 24 then '1_to_2_years'
        else '2_years_plus'
    end as tenure_band,
    case
        when since_month < 12 then '6_to_11_months'
        when since_month >= 12 then '12_months_or_more'
        else 'none_on_record'
    end as recency,
    cast(talked_in as integer) as talked_in,
    ending,
    cast(end_month as integer) as end_month,
    count(*) as trials,
    cast(sum(case when nth = 1 then 1 else 0 end) as bigint) as people,
    cast(sum(case when nth_last = 1 and ending <> 'followed' then 1 else 0 end) as bigint) as leavers
from ended
group by 1, 2, 3, 4, 5, 6, 7, 8, 9
