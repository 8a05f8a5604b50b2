with

source as (
    select delivered.*
    from {{ source('ledger', 'ledger__forecasts') }} as delivered
    where {{ is_current('delivered', 'ledger__forecasts', fiscal_year='delivered.fiscal_year') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(fiscal_year as integer) as fiscal_year,
        cast(forecast_month as integer) as forecast_month,
        cast(reported_on as date) as reported_on,
        cast(account as string) as account,
        cast(unit_code as string) as unit_code,
        cast(activity_code as string) as activity_code,
        cast(project_code as string) as project_code,
        cast(counterparty_code as string) as counterparty_code,
        cast(other_dimensions as string) as other_dimensions,
        cast(amount_sek as decimal(18, 2)) as amount_sek
    from source
)

select * from renamed
