with

source as (
    select delivered.*
    from {{ source('ledger', 'ledger__postings') }} as delivered
    where {{ is_current('delivered', 'ledger__postings', fiscal_year='delivered.fiscal_year') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(kind as string) as posting_kind,
        cast(counts as boolean) as is_counted,
        cast(fiscal_year as integer) as fiscal_year,
        cast(period as integer) as period,
        cast(voucher_row_no as bigint) as voucher_row_no,
        cast(voucher_series as string) as voucher_series,
        cast(voucher_no as string) as voucher_no,
        cast(voucher_date as date) as voucher_date,
        cast(registered_on as date) as registered_on,
        cast(voucher_text as string) as voucher_text,
        cast(transaction_date as date) as transaction_date,
        cast(account as string) as account,
        cast(unit_code as string) as unit_code,
        cast(activity_code as string) as activity_code,
        cast(project_code as string) as project_code,
        cast(counterparty_code as string) as counterparty_code,
        cast(other_dimensions as string) as other_dimensions,
        cast(amount_sek as decimal(18, 2)) as amount_sek,
        cast(quantity as decimal(18, 6)) as quantity,
        cast(text as string) as text
    from source
)

select * from renamed
