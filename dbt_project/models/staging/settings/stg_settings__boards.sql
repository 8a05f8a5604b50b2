with

source as (
    select * from {{ source('settings', 'settings__boards') }}
),

renamed as (
    select
        cast(board_code as string) as board_code,
        cast(board_name as string) as board_name
    from source
)

select * from renamed
