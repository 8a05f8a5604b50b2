with

source as (
    select delivered.*
    from {{ source('goal', 'goal__assessments') }} as delivered
    where {{ is_current('delivered', 'goal__assessments', fiscal_year=none) }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(goal_code as string) as goal_code,
        cast(year as integer) as year,
        cast(occasion_name as string) as occasion_name,
        cast(published_assessment as string) as published_assessment,
        cast(motivation as string) as motivation
    from source
)

select * from renamed
