-- How many people have ever been at risk in a state, of one chunk of workers after the other. Grain: one row per chunk, clock, exposure, lag and level.
with person as (
    select clock, exposure, lag_months, level, worker_no
    from links.exposed
    where worker_no >= (select min(from_no) from links.worker_chunk) and worker_no < (select max(to_no) from links.worker_chunk)
    group by clock, exposure, lag_months, level, worker_no
)

select clock, exposure, lag_months, level, count(*) as people
from person
group by clock, exposure, lag_months, level
