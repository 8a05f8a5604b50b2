with

source as (
    select delivered.*
    from {{ source('indicator', 'indicator__values') }} as delivered
    where {{ is_current('delivered', 'indicator__values', fiscal_year=none) }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(source_name as string) as source_name,
        cast(external_code as string) as external_code,
        cast(municipality_code as string) as municipality_code,
        cast(year as integer) as year,
        cast(group_code as string) as group_code,
        cast(value as decimal(18, 4)) as value,
        cast(status as string) as status,
        cast(reported_on as date) as reported_on,
        cast(answers as integer) as answers,
        cast(margin_of_error as decimal(18, 4)) as margin_of_error
    from source
)

select * from renamed
