-- Protected attributes from the template; what a person has not said is 'undisclosed', a value like the others.
-- Grain: one row per employee, attribute and day of the newest file.
select
    upper(employee_id) as employee_id,
    attribute,
    coalesce(nullif(lower(trim(value)), ''), 'undisclosed') as value,
    coalesce(valid_from, date '1900-01-01') as valid_from,
    'parley' as source_system,
    _as_of as recorded_on
from raw.parley__equity_attribute
where _as_of = (select max(_as_of) from raw.parley__equity_attribute)
