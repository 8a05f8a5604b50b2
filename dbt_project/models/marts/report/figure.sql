with

-- One select per entry of figure_marts(), which says what is a figure.
figures as (
    {{ all_figures() }}
)

select
    table_id || coalesce('/' || row_id, '') || '/' || column_id as figure_id,
    mart,
    cast(board_code as string) as board_code,
    cast(year as integer) as year,
    cast(case when column_id like 'prior%' then year - 1 else year end as integer) as value_year,
    label,
    value,
    {{ figure_unit('unit') }} as unit,
    cast(decimals as integer) as decimals,
    is_suppressed,
    table_id,
    row_id,
    column_id,
    any_year || '/' || column_id as series_id
from figures
order by figure_id
