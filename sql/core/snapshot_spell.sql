-- Beginnings and ends of employment as snapshots tell them. Grain: one row per source, population, worker and stint. A new stint begins
-- where somebody who had left is back, under the old hire date or a new one, and where the hire date lies after an export that showed
-- them employed under another: they had left in between. Any other new hire date corrects the old one, and a new last day of a
-- leaver the one before. The newest snapshot that states a last day counts, if the newest of the stint still says so or the day had
-- passed when it was stated: a notice withdrawn is no exit. Who is in no later snapshot, or came back unseen, has left between two
-- exports, kind unknown; the day of the later export (at the latest that of the return) stands in, and `basis` says derived, as it
-- does for who is gone before the last day stated. `seen_on` is the last export that showed them employed, `back_on` the next stint.
with delivery as (
    select
        source_system,
        population,
        as_of,
        lead(as_of) over (partition by source_system, population order by as_of) as next_as_of,
        min(as_of) over (partition by source_system, population) as first_on
    from (select distinct source_system, population, as_of from core.worker_snapshot) as days
),

stated as (
    select
        s.source_system, s.population, s.worker_key, s.as_of, s.hire_date, s.decided_on, s.exit_type, s.reason_raw, s.regretted, s.employment_status,
        case when s.last_day_on >= s.hire_date then s.last_day_on end as last_on,
        coalesce(s.employment_status in ('terminated', 'retired'), false) or coalesce(s.last_day_on >= s.hire_date and s.last_day_on < s.as_of, false) as is_over
    from core.worker_snapshot as s
    where s.hire_date is not null
),

beside as (
    select
        stated.*,
        lag(as_of) over person as before_on,
        lag(hire_date) over person as before_hire,
        lag(is_over) over person as before_over,
        lag(coalesce(last_on, as_of)) over person as before_end
    from stated
    window person as (partition by source_system, population, worker_key order by as_of)
),

parted as (
    select
        beside.*,
        sum(case
            when before_over and not is_over then 1
            when before_over and hire_date > before_end then 1
            when hire_date > before_on and before_hire <= before_on and hire_date <> before_hire then 1
            else 0
        end) over (partition by source_system, population, worker_key order by as_of rows between unbounded preceding and current row) as stint
    from beside
),

ranked as (
    select
        parted.*,
        min(as_of) over stint_of as first_seen_on,
        max(case when not is_over then as_of end) over stint_of as seen_on,
        min(case when is_over and last_on is null then as_of end) over stint_of as gone_by,
        row_number() over (partition by source_system, population, worker_key, stint order by as_of desc) as from_newest,
        row_number() over (
            partition by source_system, population, worker_key, stint order by case when last_on is null then 1 else 0 end, as_of desc
        ) as from_newest_end
    from parted
    window stint_of as (partition by source_system, population, worker_key, stint)
),

entered as (
    select source_system, population, worker_key, stint, case when before_over then before_end else before_on end as free_from
    from (select ranked.*, row_number() over (partition by source_system, population, worker_key, stint order by as_of) as place from ranked) as r
    where place = 1
),

placed as (
    select
        n.*,
        case when n.hire_date > coalesce(i.free_from, date '1900-01-01') then n.hire_date else n.first_seen_on end as began_on,
        e.last_on as end_stated_on,
        e.decided_on as end_decided_on,
        e.exit_type as end_type,
        e.reason_raw as end_reason,
        e.regretted as end_regretted
    from ranked as n
    inner join entered as i
        on n.source_system = i.source_system and n.population = i.population and n.worker_key = i.worker_key and n.stint = i.stint
    left join ranked as e
        on n.source_system = e.source_system and n.population = e.population and n.worker_key = e.worker_key and n.stint = e.stint
        and e.from_newest_end = 1 and (e.from_newest = 1 or e.as_of > e.last_on) and e.last_on is not null
    where n.from_newest = 1
),

followed as (
    select
        p.*,
        d.next_as_of,
        d.first_on,
        coalesce(end_stated_on > d.next_as_of, false) as is_away_early,
        lead(began_on) over (partition by p.source_system, p.population, p.worker_key order by stint) as back_on
    from placed as p
    inner join delivery as d on p.source_system = d.source_system and p.population = d.population and p.as_of = d.as_of
)

select
    source_system,
    population,
    worker_key,
    began_on as hired_on,
    case
        when is_away_early then least(next_as_of, coalesce(back_on, next_as_of))
        when end_stated_on is not null then least(end_stated_on + 1, coalesce(back_on, end_stated_on + 1))
        when is_over then gone_by
        else least(next_as_of, coalesce(back_on, next_as_of))
    end as ended_on,
    end_decided_on as decided_on,
    case
        when end_stated_on is not null then coalesce(end_type, 'exit_unknown')
        when employment_status = 'retired' then 'exit_other'
        when is_over then coalesce(exit_type, 'exit_unknown')
        when next_as_of is not null then 'exit_unknown'
    end as exit_type,
    coalesce(end_reason, case when is_over then reason_raw end) as reason_raw,
    coalesce(end_regretted, regretted) as regretted,
    case when end_stated_on is not null and not is_away_early then 'source' else 'derived' end as basis,
    seen_on,
    back_on,
    as_of as recorded_on
from followed
-- Who had left before the first export on a day nobody states cannot be placed in time at all; who was announced and never came has
-- not been hired.
where end_stated_on is not null
    or is_over and gone_by > first_on
    or not is_over and (next_as_of is null or hire_date <= as_of)
