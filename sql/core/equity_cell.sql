-- People by protected attribute and by what else might explain a difference (grade, tenure, division, their manager's span), with
-- how many of them talked in the past 183 days. The only table that reads the attributes; nobody's name or key is in it, but a row may be one
-- person. Who has said nothing, or not yet, is 'undisclosed'. Grain: one row per reporting day, attribute, value and pattern.
with known_attribute as (
    select distinct attribute
    from core.equity_attribute
),

spoken as (
    select worker_key, attribute, min(valid_from) as since_on
    from core.equity_attribute
    group by worker_key, attribute
),

stated as (
    select worker_key, attribute, value, valid_from, coalesce(valid_to, date '9999-12-31') as valid_to
    from core.equity_attribute
    union all
    select e.worker_key, a.attribute, 'undisclosed', date '1900-01-01', coalesce(s.since_on, date '9999-12-31')
    from (select distinct worker_key from core.employment) as e
    cross join known_attribute as a
    left join spoken as s on e.worker_key = s.worker_key and a.attribute = s.attribute
),

flagged as (
    select
        greatest(s.valid_from, a.valid_from) as valid_from,
        least(s.valid_to, a.valid_to) as valid_to,
        a.attribute,
        a.value,
        s.place_key,
        case when s.tenure_from >= 182 then 1 else 0 end as half_year,
        case when s.is_eligible then 1 else 0 end as eligible,
        case when s.state in ('known', 'never') or s.recency_from >= 183 then 1 else 0 end as known,
        case when s.state = 'known' and s.recency_from < 183 then 1 else 0 end as talked
    from core.standing as s
    inner join stated as a on s.worker_key = a.worker_key and s.valid_from < a.valid_to and s.valid_to > a.valid_from
    where s.tenure_from >= 182 or s.is_eligible
),

signed as (
    select k.reporting_no, 1 as sign, f.*
    from flagged as f
    cross join raw.run as run
    inner join raw.calendar as k on greatest(f.valid_from, run.calendar_from) = k.on_day
    union all
    select k.reporting_no, -1 as sign, f.*
    from flagged as f
    cross join raw.run as run
    inner join raw.calendar as k on greatest(f.valid_to, run.calendar_from) = k.on_day
),

change as (
    select
        s.reporting_no, s.attribute, s.value, p.org_unit_key, p.manager_key, p.grade_code, p.tenure_band,
        sum(sign * half_year) as half_year,
        sum(sign * half_year * known) as half_year_known,
        sum(sign * half_year * talked) as half_year_talked,
        sum(sign * eligible) as eligible,
        sum(sign * eligible * known) as eligible_known,
        sum(sign * eligible * talked) as eligible_talked
    from signed as s
    inner join core.place as p on s.place_key = p.place_key
    group by s.reporting_no, s.attribute, s.value, p.org_unit_key, p.manager_key, p.grade_code, p.tenure_band
),

pattern as (
    select
        d.as_of,
        x.*,
        coalesce(x.grade_code, 'missing') as grade,
        coalesce(x.tenure_band, 'missing') as tenure,
        coalesce(u.division_key, x.org_unit_key) as division_key,
        case
            when m.reports is null then 'missing'
            when m.reports < 5 then '1-4'
            when m.reports < 10 then '5-9'
            when m.reports < 15 then '10-14'
            else '15+'
        end as span
    from change as x
    inner join raw.reporting_date as d on x.reporting_no <= d.reporting_no
    left join core.division_at as u on d.as_of = u.on_day and x.org_unit_key = u.org_unit_key
    left join core.manager_standing as m on d.as_of = m.as_of and x.manager_key = m.worker_key
)

select
    as_of,
    attribute,
    value,
    grade,
    tenure,
    division_key,
    span,
    cast(sum(half_year) as bigint) as half_year,
    cast(sum(half_year_known) as bigint) as half_year_known,
    cast(sum(half_year_talked) as bigint) as half_year_talked,
    cast(sum(eligible) as bigint) as eligible,
    cast(sum(eligible_known) as bigint) as eligible_known,
    cast(sum(eligible_talked) as bigint) as eligible_talked
from pattern
group by as_of, attribute, value, grade, tenure, division_key, span
having sum(half_year) > 0 or sum(eligible) > 0
