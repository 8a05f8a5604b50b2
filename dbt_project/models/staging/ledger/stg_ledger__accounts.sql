with

source as (
    select delivered.*
    from {{ source('ledger', 'ledger__accounts') }} as delivered
    where {{ is_current('delivered', 'ledger__accounts', fiscal_year='coalesce(delivered.fiscal_year, 0)') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(fiscal_year as integer) as fiscal_year,
        cast(account as string) as account,
        cast(account_name as string) as account_name,
        cast(account_type as string) as account_type
    from source
)

select * from renamed
