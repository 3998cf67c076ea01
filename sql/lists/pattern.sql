-- All that the model of leaving may know of a person, in bins, as it was on the day before a month began. Grain: one row per worker, spell and months from
-- the first to the last (numbered as in links.stint), up to the month of the horizon. Conversations are those of the links, by their rules;
-- 'unknown' where nobody knows. Of managers and rises something is known once the jobs of the time looked back on are, or of all since the hire.
with reach as (
    select
        extract(year from calendar_from) * 12 + extract(month from calendar_from) + 1 as first_month,
        extract(year from horizon) * 12 + extract(month from horizon) as present_month
    from raw.run
),

grade_number as (
    select grade_code, row_number() over (order by grade_code) as number
    from core.episode
    where grade_code is not null
    group by grade_code
),

family_number as (
    select job_family, row_number() over (order by job_family) as number
    from core.episode
    where job_family is not null
    group by job_family
),

role_band as (
    select 1 as number, 0 as from_days, 183 as to_days
    union all
    select 2, 183, 730
    union all
    select 3, 730, 1096
    union all
    select 4, 1096, 100000
),

tenure_class as (
    select 1 as number, 0 as from_days, 365 as to_days
    union all
    select 2, 365, 730
    union all
    select 3, 730, 100000
),

jobs_known as (
    select s.worker_no, s.spell_no, s.started_on, case when min(j.valid_from) > s.started_on then min(j.valid_from) end as late_from
    from links.stint as s
    inner join core.job as j on s.worker_key = j.worker_key
    group by s.worker_no, s.spell_no, s.started_on
),

-- Days on which something holds, from the one up to the other; on which day of a month it is does not matter before the next begins.
span as (
    select s.worker_no, s.spell_no, 'grade' as feature, g.number, e.valid_from, e.valid_to
    from core.episode as e
    inner join links.stint as s on e.worker_key = s.worker_key and e.spell_no = s.spell_no
    inner join grade_number as g on e.grade_code = g.grade_code
    union all
    select s.worker_no, s.spell_no, 'family', f.number, e.valid_from, e.valid_to
    from core.episode as e
    inner join links.stint as s on e.worker_key = s.worker_key and e.spell_no = s.spell_no
    inner join family_number as f on e.job_family = f.job_family
    union all
    select s.worker_no, s.spell_no, 'eligible', 1, e.valid_from, e.valid_to
    from core.episode as e
    inner join links.stint as s on e.worker_key = s.worker_key and e.spell_no = s.spell_no
    where e.is_eligible
    union all
    select
        s.worker_no, s.spell_no, 'role', b.number, greatest(j.valid_from, j.job_started_on + b.from_days),
        least(coalesce(j.valid_to, date '9999-12-31'), j.job_started_on + b.to_days)
    from core.job as j
    inner join links.stint as s on j.worker_key = s.worker_key
    cross join role_band as b
    union all
    select s.worker_no, s.spell_no, 'tenure', t.number, s.started_on + t.from_days, s.started_on + t.to_days
    from links.stint as s
    cross join tenure_class as t
    union all
    select s.worker_no, s.spell_no, w.feature, 1, v.on_day, v.on_day + w.days
    from core.trigger_event as v
    inner join links.stint as s on v.worker_key = s.worker_key and v.on_day > s.started_on
    cross join (select 'manager_half_year' as feature, 183 as days union all select 'manager_two_years', 730) as w
    where v.kind = 'new_manager'
    union all
    select s.worker_no, s.spell_no, w.feature, 1, r.decided_on, r.decided_on + w.days
    from links.rise as r
    inner join links.stint as s on r.worker_key = s.worker_key and r.spell_no = s.spell_no
    cross join (select 'rise_year' as feature, 365 as days union all select 'rise_two_years', 730) as w
    union all
    select k.worker_no, k.spell_no, w.feature, 1, coalesce(k.late_from + w.days, k.started_on), date '9999-12-31'
    from jobs_known as k
    cross join (select 'known_half_year' as feature, 183 as days union all select 'known_two_years', 730) as w
),

period as (
    select
        worker_no, spell_no, feature, number,
        extract(year from valid_from) * 12 + extract(month from valid_from) + 1 as first_month,
        extract(year from valid_to) * 12 + extract(month from valid_to) as last_month
    from span
    where valid_from < valid_to
    union all
    select
        worker_no, spell_no, 'recency',
        case level when 'under_3_months' then 1 when '3_to_5_months' then 2 when '6_to_11_months' then 3 when '12_months_or_more' then 4 else 5 end,
        first_month, last_month
    from links.recency
    union all
    select worker_no, spell_no, 'talks', case level when 'none' then 1 when 'one' then 2 when 'two_or_three' then 3 else 4 end, first_month, last_month
    from links.talk_count
    union all
    select
        worker_no, spell_no, 'partner', case partner when 'none_in_half_year' then 1 when 'boss' then 2 when 'not_boss' then 3 else 0 end,
        first_month, last_month
    from links.last_talk
),

signed as (
    select p.worker_no, p.spell_no, p.feature, greatest(p.first_month, r.first_month) as month_no, p.number as change
    from period as p
    inner join reach as r on p.first_month <= least(p.last_month, r.present_month) and p.last_month >= r.first_month
    union all
    select p.worker_no, p.spell_no, p.feature, p.last_month + 1, -p.number
    from period as p
    inner join reach as r on p.first_month <= p.last_month and p.last_month >= r.first_month and p.last_month < r.present_month
),

turn as (
    select
        worker_no,
        spell_no,
        month_no,
        sum(case when feature = 'eligible' then change else 0 end) as eligible,
        sum(case when feature = 'recency' then change else 0 end) as recency,
        sum(case when feature = 'talks' then change else 0 end) as talks,
        sum(case when feature = 'partner' then change else 0 end) as partner,
        sum(case when feature = 'role' then change else 0 end) as role,
        sum(case when feature = 'tenure' then change else 0 end) as tenure,
        sum(case when feature = 'grade' then change else 0 end) as grade,
        sum(case when feature = 'family' then change else 0 end) as family,
        sum(case when feature = 'manager_half_year' then change else 0 end) as manager_half_year,
        sum(case when feature = 'manager_two_years' then change else 0 end) as manager_two_years,
        sum(case when feature = 'rise_year' then change else 0 end) as rise_year,
        sum(case when feature = 'rise_two_years' then change else 0 end) as rise_two_years,
        sum(case when feature = 'known_half_year' then change else 0 end) as known_half_year,
        sum(case when feature = 'known_two_years' then change else 0 end) as known_two_years
    from signed
    group by worker_no, spell_no, month_no
),

running as (
    select
        worker_no,
        spell_no,
        month_no as first_month,
        lead(month_no) over (partition by worker_no, spell_no order by month_no) - 1 as last_month,
        sum(eligible) over person as eligible,
        sum(recency) over person as recency,
        sum(talks) over person as talks,
        sum(partner) over person as partner,
        sum(role) over person as role,
        sum(tenure) over person as tenure,
        sum(grade) over person as grade,
        sum(family) over person as family,
        sum(manager_half_year) over person as manager_half_year,
        sum(manager_two_years) over person as manager_two_years,
        sum(rise_year) over person as rise_year,
        sum(rise_two_years) over person as rise_two_years,
        sum(known_half_year) over person as known_half_year,
        sum(known_two_years) over person as known_two_years
    from turn
    window person as (partition by worker_no, spell_no order by month_no rows between unbounded preceding and current row)
)

select
    n.worker_no,
    n.spell_no,
    cast(n.first_month as bigint) as first_month,
    cast(coalesce(n.last_month, r.present_month) as bigint) as last_month,
    n.eligible > 0 as is_eligible,
    case n.recency
        when 1 then 'under_3_months' when 2 then '3_to_5_months' when 3 then '6_to_11_months' when 4 then '12_months_or_more'
        when 5 then 'none_on_record' else 'unknown'
    end as recency,
    case n.talks when 1 then 'none' when 2 then 'one' when 3 then 'two_or_three' when 4 then 'four_or_more' else 'unknown' end as talks_in_year,
    case n.partner when 1 then 'none_in_half_year' when 2 then 'boss' when 3 then 'not_boss' else 'unknown' end as last_partner,
    case n.role
        when 1 then 'under_6_months' when 2 then '6_to_23_months' when 3 then '2_years' when 4 then '3_years_or_more' else 'unknown'
    end as time_in_role,
    case when n.manager_half_year > 0 then 'yes' when n.known_half_year > 0 then 'no' else 'unknown' end as new_manager,
    case
        when n.manager_two_years > 1 then 'two_or_more'
        when n.known_two_years = 0 then 'unknown'
        when n.manager_two_years = 1 then 'one'
        else 'none'
    end as manager_changes,
    case
        when n.rise_year > 0 then 'under_12_months'
        when n.rise_two_years > 0 then '12_to_23_months'
        when n.known_two_years > 0 then 'none_in_2_years'
        else 'unknown'
    end as since_promotion,
    case n.tenure when 1 then 'up_to_1_year' when 2 then '1_to_2_years' when 3 then '2_years_or_more' else 'unknown' end as since_hire,
    coalesce(g.grade_code, 'unknown') as grade,
    coalesce(f.job_family, 'unknown') as job_family
from running as n
cross join reach as r
left join grade_number as g on n.grade = g.number
left join family_number as f on n.family = f.number
