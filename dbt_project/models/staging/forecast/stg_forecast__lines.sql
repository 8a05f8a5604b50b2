with

source as (
    select delivered.*
    from {{ source('forecast', 'forecast__lines') }} as delivered
    where {{ is_current('delivered', 'forecast__lines', fiscal_year='delivered.fiscal_year') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(fiscal_year as integer) as fiscal_year,
        cast(forecast_month as integer) as forecast_month,
        cast(occasion_name as string) as occasion_name,
        cast(reported_on as date) as reported_on,
        cast(board_code as string) as board_code,
        cast(segment_code as string) as segment_code,
        cast(line_code as string) as line_code,
        cast(amount_sek as decimal(18, 2)) as statement_amount_sek
    from source
)

select * from renamed
