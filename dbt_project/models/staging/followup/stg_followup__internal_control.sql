with

source as (
    select delivered.*
    from {{ source('followup', 'followup__internal_control') }} as delivered
    where {{ is_current('delivered', 'followup__internal_control', fiscal_year='delivered.year') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(year as integer) as year,
        cast(board_code as string) as board_code,
        cast(risk_code as string) as risk_code,
        cast(risk_name as string) as risk_name,
        cast(risk_description as string) as risk_description,
        cast(control_description as string) as control_description,
        cast(assessment as string) as assessment,
        cast(result as string) as result,
        cast(action as string) as action
    from source
)

select * from renamed
