with

source as (
    select delivered.*
    from {{ source('goal', 'goal__indicators') }} as delivered
    where {{ is_current('delivered', 'goal__indicators', fiscal_year=none) }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(indicator_code as string) as indicator_code,
        cast(indicator_name as string) as indicator_name,
        cast(goal_code as string) as goal_code,
        cast(unit as string) as unit,
        cast(direction as string) as direction,
        cast(tolerance as decimal(18, 4)) as tolerance,
        cast(decimals as integer) as decimals,
        cast(scale_min as decimal(18, 4)) as scale_min,
        cast(scale_max as decimal(18, 4)) as scale_max,
        cast(source_name as string) as source_name,
        cast(external_code as string) as external_code,
        cast(valid_from_year as integer) as valid_from_year,
        cast(valid_to_year as integer) as valid_to_year,
        cast(max_jump as decimal(18, 4)) as max_jump
    from source
)

select * from renamed
