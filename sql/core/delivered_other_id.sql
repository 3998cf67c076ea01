-- Other ids of workers: work addresses wherever a name is delivered, and what the template lists. Grain: one row per claim.
select employee_id, 'email' as id_type, upper(work_email) as id_norm from core.delivered_snapshot where work_email is not null
union
select employee_id, 'email', upper(work_email) from core.delivered_name where work_email is not null
union
select employee_id, id_type, upper(id_raw) from staging.parley__worker_xref where id_raw is not null
