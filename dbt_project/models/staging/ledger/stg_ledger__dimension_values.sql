with

source as (
    select delivered.*
    from {{ source('ledger', 'ledger__dimension_values') }} as delivered
    where {{ is_current('delivered', 'ledger__dimension_values', fiscal_year='coalesce(delivered.fiscal_year, 0)') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(fiscal_year as integer) as fiscal_year,
        cast(dimension_no as integer) as dimension_no,
        cast(dimension_name as string) as dimension_name,
        cast(meaning as string) as dimension_meaning,
        cast(value_code as string) as value_code,
        cast(value_name as string) as value_name
    from source
)

select * from renamed
