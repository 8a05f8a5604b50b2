with

source as (
    select delivered.*
    from {{ source('ledger', 'ledger__period_amounts') }} as delivered
    where {{ is_current('delivered', 'ledger__period_amounts', fiscal_year='delivered.fiscal_year') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(kind as string) as period_amount_kind,
        cast(year_no as integer) as year_no,
        cast(fiscal_year as integer) as fiscal_year,
        cast(period as integer) as period,
        cast(account as string) as account,
        cast(unit_code as string) as unit_code,
        cast(activity_code as string) as activity_code,
        cast(project_code as string) as project_code,
        cast(counterparty_code as string) as counterparty_code,
        cast(other_dimensions as string) as other_dimensions,
        cast(has_objects as boolean) as has_objects,
        cast(amount_sek as decimal(18, 2)) as amount_sek,
        cast(quantity as decimal(18, 6)) as quantity
    from source
)

select * from renamed
