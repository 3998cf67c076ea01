-- Workers in chunks of 100,000, so that what is worked out person by person stays within memory: a SELECT that reads this table is run once for
-- each of its rows, and what it finds is put together. Grain: one row per chunk: worker numbers from `from_no` up to, not including, `to_no`.
with recursive staff as (
    select coalesce(max(worker_no), 0) as workers
    from links.stint
),

chunk as (
    select 0 as chunk_no
    union all
    select chunk_no + 1
    from chunk
    cross join staff
    where (chunk_no + 1) * 100000 < workers
)

select chunk_no, chunk_no * 100000 + 1 as from_no, (chunk_no + 1) * 100000 + 1 as to_no
from chunk
