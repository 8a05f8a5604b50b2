with

source as (
    select * from {{ source('releases', 'releases__mask') }}
),

renamed as (
    select
        cast(board_code as string) as board_code,
        cast(year as integer) as fiscal_year,
        cast(dimension as string) as dimension,
        cast(group_code as string) as group_code
    from source
)

select * from renamed
