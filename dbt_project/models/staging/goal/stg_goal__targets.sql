with

source as (
    select delivered.*
    from {{ source('goal', 'goal__targets') }} as delivered
    where {{ is_current('delivered', 'goal__targets', fiscal_year=none) }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(indicator_code as string) as indicator_code,
        cast(year as integer) as year,
        cast(target_value as decimal(18, 4)) as target_value
    from source
)

select * from renamed
