with

source as (
    select delivered.*
    from {{ source('goal', 'goal__occasions') }} as delivered
    where {{ is_current('delivered', 'goal__occasions', fiscal_year=none) }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(year as integer) as year,
        cast(occasion_name as string) as occasion_name,
        cast(reported_on as date) as reported_on
    from source
)

select * from renamed
