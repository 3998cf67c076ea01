-- Beginnings and ends of employment as snapshots tell them. Grain: one row per source, population, worker and hire date. The newest
-- snapshot that states a last day counts, if the newest of all still says so or the day had passed when it was stated: a notice
-- withdrawn is no exit. Somebody who is in no later snapshot of their source has left between two exports, kind unknown; the day of
-- the later export stands in, and `basis` says derived.
with delivery as (
    select
        source_system,
        population,
        as_of,
        lead(as_of) over (partition by source_system, population order by as_of) as next_as_of
    from (select distinct source_system, population, as_of from core.worker_snapshot) as days
),

stated as (
    select
        s.*,
        row_number() over (partition by source_system, population, worker_key, hire_date order by as_of desc) as from_newest,
        row_number() over (
            partition by source_system, population, worker_key, hire_date order by case when last_day_on is null then 1 else 0 end, as_of desc
        ) as from_newest_end
    from core.worker_snapshot as s
    where hire_date is not null
),

ending as (
    select source_system, population, worker_key, hire_date, last_day_on, decided_on, exit_type, reason_raw, regretted, as_of as stated_on
    from stated
    where from_newest_end = 1 and last_day_on is not null and (from_newest = 1 or as_of > last_day_on)
),

newest as (
    select n.*, d.next_as_of
    from stated as n
    inner join delivery as d on n.source_system = d.source_system and n.population = d.population and n.as_of = d.as_of
    where n.from_newest = 1
),

back as (
    select s.source_system, s.population, s.worker_key, s.hire_date, min(s.as_of) as seen_again_on
    from stated as s
    inner join ending as e
        on s.source_system = e.source_system
        and s.population = e.population
        and s.worker_key = e.worker_key
        and s.hire_date = e.hire_date
        and s.as_of > e.stated_on
        and s.last_day_on is null
    where s.employment_status in ('active', 'leave')
    group by s.source_system, s.population, s.worker_key, s.hire_date
),

later as (
    select worker_key, source_system, population, max(as_of) as last_seen_on
    from core.worker_snapshot
    group by worker_key, source_system, population
),

-- Those who are said to have left on no day at all: since when they are.
gone as (
    select
        source_system,
        population,
        worker_key,
        hire_date,
        min(as_of) as gone_by
    from stated
    where employment_status in ('terminated', 'retired') and last_day_on is null
    group by source_system, population, worker_key, hire_date
)

select
    n.source_system,
    n.population,
    n.worker_key,
    n.hire_date as hired_on,
    b.seen_again_on as rehired_on,
    case
        when e.last_day_on is not null then e.last_day_on + 1
        when n.employment_status in ('terminated', 'retired') then g.gone_by
        when n.next_as_of is not null and l.last_seen_on = n.as_of then n.next_as_of
    end as ended_on,
    e.decided_on,
    case
        when e.last_day_on is not null then coalesce(e.exit_type, 'exit_unknown')
        when n.employment_status = 'retired' then 'exit_other'
        when n.employment_status = 'terminated' then coalesce(n.exit_type, 'exit_unknown')
        when n.next_as_of is not null and l.last_seen_on = n.as_of then 'exit_unknown'
    end as exit_type,
    coalesce(e.reason_raw, n.reason_raw) as reason_raw,
    coalesce(e.regretted, n.regretted) as regretted,
    case when e.last_day_on is not null then 'source' else 'derived' end as basis,
    n.as_of as recorded_on
from newest as n
inner join later as l on n.worker_key = l.worker_key and n.source_system = l.source_system and n.population = l.population
left join ending as e
    on n.source_system = e.source_system and n.population = e.population and n.worker_key = e.worker_key and n.hire_date = e.hire_date
left join back as b
    on n.source_system = b.source_system and n.population = b.population and n.worker_key = b.worker_key and n.hire_date = b.hire_date
left join gone as g
    on n.source_system = g.source_system and n.population = g.population and n.worker_key = g.worker_key and n.hire_date = g.hire_date
inner join (select source_system, population, min(as_of) as first_on from delivery group by source_system, population) as f
    on n.source_system = f.source_system and n.population = f.population
-- Who had left before the first export on a day nobody states cannot be placed in time at all.
where e.last_day_on is not null or n.employment_status not in ('terminated', 'retired') or g.gone_by > f.first_on
