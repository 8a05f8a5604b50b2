with

source as (
    select delivered.*
    from {{ source('investment_budget', 'investment_budget__lines') }} as delivered
    where {{ is_current('delivered', 'investment_budget__lines', fiscal_year='delivered.fiscal_year') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(fiscal_year as integer) as fiscal_year,
        cast(board_code as string) as board_code,
        cast(project_code as string) as project_code,
        cast(version as string) as budget_version,
        cast(amount_sek as decimal(18, 2)) as amount_sek
    from source
)

select * from renamed
