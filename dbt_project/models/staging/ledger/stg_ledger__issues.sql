with

source as (
    select delivered.*
    from {{ source('ledger', 'ledger__issues') }} as delivered
    where {{ is_current('delivered', 'ledger__issues', fiscal_year=none) }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(label as string) as label,
        cast(severity as string) as severity,
        cast(reason as string) as reason
    from source
)

select * from renamed
