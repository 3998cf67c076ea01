-- Rows that cannot be true, by rule: what DQ-04 counts. Grain: one row per rule with the rows looked at and the rows at fault;
-- rules about data that not every organisation has are left out where there are none.
with recursive held as (
    select fault from core.conversation_claim where is_held
),

cycle as (
    select count(distinct a.descendant_key) as units
    from core.org_closure as a
    where a.ancestor_key = a.descendant_key and a.depth > 0
),

named as (
    select 'job' as about, employee_id from core.delivered_job
    union all
    select 'leave', employee_id from core.delivered_absence
    union all
    select 'exit or move', employee_id from core.delivered_outcome
    union all
    select 'survey answer', employee_id from core.delivered_answer where employee_id is not null
    union all
    select 'survey answer about others', about_id from core.delivered_answer where about_id is not null
    union all
    select 'valued flag', employee_id from staging.parley__valued_flag
    union all
    select 'equity attribute', employee_id from staging.parley__equity_attribute
    union all
    select 'worker snapshot', employee_id from core.delivered_snapshot
),

line as (
    select distinct j.worker_key, j.manager_key
    from core.job as j
    inner join raw.run as run on j.valid_from <= run.as_of and coalesce(j.valid_to, run.horizon) > run.as_of
    inner join core.job as below on j.worker_key = below.manager_key
    where j.manager_key <> j.worker_key
),

above as (
    select worker_key, manager_key, 1 as depth
    from line
    union
    select a.worker_key, l.manager_key, a.depth + 1
    from above as a
    inner join line as l on a.manager_key = l.worker_key
    where a.depth < 20 and a.worker_key <> a.manager_key
)

select n.about || ': unknown employee' as rule, count(*) as looked_at, sum(case when x.id_norm is null then 1 else 0 end) as at_fault
from named as n
left join core.worker_xref as x on n.employee_id = x.id_norm
group by n.about
union all
select 'conversation: unknown employee' as rule, count(*) as looked_at, sum(case when fault = 'orphan' then 1 else 0 end) as at_fault from held
union all
select 'conversation: before hire', count(*), sum(case when fault = 'before_hire' then 1 else 0 end) from held
union all
select 'conversation: after exit', count(*), sum(case when fault = 'after_exit' then 1 else 0 end) from held
union all
select 'conversation: in the future', count(*), sum(case when fault = 'future' then 1 else 0 end) from held
union all
select 'conversation: with oneself', count(*), sum(case when fault = 'self_partner' then 1 else 0 end) from held
union all
select 'conversation: reported twice', count(*), sum(case when fault = 'duplicate' then 1 else 0 end) from held
union all
select 'action: unknown conversation', count(*), sum(case when fault = 'orphan' then 1 else 0 end) from core.action_claim having count(*) > 0
union all
select 'action: unknown owner', count(*), sum(case when fault = 'unknown_owner' then 1 else 0 end) from core.action_claim having count(*) > 0
union all
select 'action: in the future', count(*), sum(case when fault = 'future' then 1 else 0 end) from core.action_claim having count(*) > 0
union all
select 'action: due, done or reviewed before it was agreed', count(*), sum(case when fault like '%before_agreed' then 1 else 0 end)
from core.action_claim having count(*) > 0
union all
select 'valued flag: in the future', count(*), sum(case when flag.flagged_on > run.as_of then 1 else 0 end)
from staging.parley__valued_flag as flag
cross join raw.run as run
having count(*) > 0
union all
select 'job: manager unknown', count(*), sum(case when is_manager_unknown then 1 else 0 end) from core.job_claim
union all
select 'job: overlaps the next row', count(*), sum(case when next_from < valid_to then 1 else 0 end) from core.job_claim
union all
select 'job: own manager', count(*), sum(case when manager_key = worker_key then 1 else 0 end) from core.job_claim
union all
select 'job: manager line in a circle', (select count(*) from line), (select count(distinct worker_key) from above where worker_key = manager_key)
union all
select 'organisation: unit above itself', (select count(distinct org_unit_key) from core.org_unit), (select units from cycle)
