-- The board that owns what no unit owns: the only one there is, or else the first by code.
select
    board_code,
    board_name,
    row_number() over (order by board_code) = 1 as is_default
from {{ ref('stg_settings__boards') }}
order by board_code
