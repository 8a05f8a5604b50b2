-- The rows of one definition differ only in where its values are found; the register is refused where they do not.
with

definitions as (
    select *
    from {{ ref('stg_goal__indicators') }}
    qualify row_number() over (partition by indicator_code, valid_from_year order by row_no asc) = 1
)

select
    indicator_code,
    valid_from_year as definition_from_year,
    coalesce(valid_to_year, 9999) as definition_to_year,
    indicator_name,
    goal_code,
    unit,
    direction,
    cast(coalesce(tolerance, 0) as decimal(18, 4)) as tolerance,
    decimals,
    scale_min,
    scale_max,
    max_jump
from definitions
order by indicator_code, definition_from_year
