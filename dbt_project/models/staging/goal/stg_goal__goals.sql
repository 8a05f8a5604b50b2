with

source as (
    select delivered.*
    from {{ source('goal', 'goal__goals') }} as delivered
    where {{ is_current('delivered', 'goal__goals', fiscal_year=none) }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(goal_code as string) as goal_code,
        cast(goal_name as string) as goal_name,
        cast(board_code as string) as board_code,
        cast(priority_code as string) as priority_code,
        cast(priority_name as string) as priority_name,
        cast(agenda_2030 as string) as agenda_2030,
        cast(valid_from_year as integer) as valid_from_year,
        cast(valid_to_year as integer) as valid_to_year
    from source
)

select * from renamed
