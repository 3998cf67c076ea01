-- People by protected attribute and by all the model of leaving may know of them: now (`leavers` is null), and at the beginning of the two newest months that are
-- six months apart and have been followed for six. Only what judges the model reads it; nobody's name or key is in it, but a row may be one person. Who has said
-- nothing, or not yet, is 'undisclosed'. Half of the people are in fold 0, the others in fold 1, by their key. Grain: one row per month, attribute, value, fold and pattern.
with present as (
    select as_of, extract(year from horizon) * 12 + extract(month from horizon) as present_month
    from raw.run
),

moment as (
    select o.origin_month, o.origin_on as on_day, false as is_present
    from lists.origin as o
    inner join present as n on o.origin_month = n.present_month - 6 or o.origin_month = n.present_month - 12
    union all
    select present_month, as_of, true
    from present
),

observed as (
    select
        m.origin_month, m.on_day, s.worker_key, p.recency, p.talks_in_year, p.last_partner, p.time_in_role, p.new_manager, p.manager_changes,
        p.since_promotion, p.since_hire, p.grade, p.job_family, case when s.event = 'voluntary' and s.last_month <= m.origin_month + 5 then 1 else 0 end as leavers
    from lists.pattern as p
    inner join links.stint as s on p.worker_no = s.worker_no and p.spell_no = s.spell_no
    inner join moment as m on m.origin_month >= p.first_month and m.origin_month <= p.last_month and m.origin_month <= s.last_month
    where p.is_eligible and not m.is_present
    union all
    select
        m.origin_month, m.on_day, f.worker_key, f.recency, f.talks_in_year, f.last_partner, f.time_in_role, f.new_manager, f.manager_changes,
        f.since_promotion, f.since_hire, f.grade, f.job_family, null
    from lists.person_feature as f
    inner join moment as m on m.is_present
    where f.is_eligible
),

known_attribute as (
    select distinct attribute
    from core.equity_attribute
)

select
    o.origin_month,
    k.attribute,
    coalesce(a.value, 'undisclosed') as value,
    case when substr(md5(cast(o.worker_key as varchar)), 1, 1) < '8' then 0 else 1 end as fold,
    o.recency,
    o.talks_in_year,
    o.last_partner,
    o.time_in_role,
    o.new_manager,
    o.manager_changes,
    o.since_promotion,
    o.since_hire,
    o.grade,
    o.job_family,
    count(*) as people,
    cast(sum(o.leavers) as bigint) as leavers
from observed as o
cross join known_attribute as k
left join core.equity_attribute as a
    on o.worker_key = a.worker_key and k.attribute = a.attribute and o.on_day >= a.valid_from and o.on_day < coalesce(a.valid_to, date '9999-12-31')
group by
    o.origin_month, k.attribute, coalesce(a.value, 'undisclosed'), case when substr(md5(cast(o.worker_key as varchar)), 1, 1) < '8' then 0 else 1 end,
    o.recency, o.talks_in_year, o.last_partner, o.time_in_role, o.new_manager, o.manager_changes, o.since_promotion, o.since_hire, o.grade, o.job_family
