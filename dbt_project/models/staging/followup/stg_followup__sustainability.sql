with

source as (
    select delivered.*
    from {{ source('followup', 'followup__sustainability') }} as delivered
    where {{ is_current('delivered', 'followup__sustainability', fiscal_year='delivered.year') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(year as integer) as year,
        cast(board_code as string) as board_code,
        cast(activity_no as integer) as activity_no,
        cast(principle_no as integer) as principle_no,
        cast(principle_text as string) as principle_text,
        cast(activity_text as string) as activity_text
    from source
)

select * from renamed
