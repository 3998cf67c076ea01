-- Events after which a career conversation is due: a new job inside the employment, a new manager, the return from leave, three years (1,096 days) in one
-- job, a reorganisation in which 20 or more people changed into one unit, and a lost mentor: somebody other than the line manager with whom
-- they had talked twice or more in the 365 days before that person's last day. Grain: one row per worker, day and kind; some lie in the future.
with stepped as (
    select job.*, lag(valid_to) over (partition by worker_key order by valid_from) as previous_end
    from core.job
)

select worker_key, job_started_on as on_day, 'new_role' as kind
from core.job
where job_started_on is not null
group by worker_key, job_started_on
-- A run of one job that begins with a new title, or with a correction, is no new job.
having max(case when valid_from = job_started_on and change_type in ('title_only', 'correction') then 1 else 0 end) = 0
union
-- Where nothing is known of the time before, a manager is not known to be new.
select worker_key, valid_from, 'new_manager'
from stepped
where manager_started_on = valid_from and manager_key is not null and previous_end = valid_from
union
select worker_key, valid_to, 'return_from_leave'
from core.absence
union
select worker_key, job_started_on + 1096, 'three_years_in_role'
from core.job
where job_started_on + 1096 >= valid_from and job_started_on + 1096 < coalesce(valid_to, date '9999-12-31')
union
select worker_key, moved_on, 'reorganisation'
from core.move
where is_bulk
union
select c.worker_key, s.ended_on, 'lost_mentor'
from core.conversation as c
inner join core.spell as s on c.partner_key = s.worker_key and c.occurred_on < s.ended_on and c.occurred_on >= s.ended_on - 365
where c.partner_relation <> 'line_manager'
group by c.worker_key, c.partner_key, s.ended_on
having count(*) >= 2
