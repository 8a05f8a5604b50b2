with

source as (
    select delivered.*
    from {{ source('followup', 'followup__contract_reviews') }} as delivered
    where {{ is_current('delivered', 'followup__contract_reviews', fiscal_year='delivered.year') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(year as integer) as year,
        cast(board_code as string) as board_code,
        cast(contract_code as string) as contract_code,
        cast(contract_name as string) as contract_name,
        cast(supplier_name as string) as supplier_name,
        cast(requirement_no as integer) as requirement_no,
        cast(requirement_text as string) as requirement_text,
        cast(fulfilled as string) as fulfilled,
        cast(deficiency as string) as deficiency,
        cast(effect as string) as effect,
        cast(action as string) as action
    from source
)

select * from renamed
