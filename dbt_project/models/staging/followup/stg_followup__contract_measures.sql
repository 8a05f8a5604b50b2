with

source as (
    select delivered.*
    from {{ source('followup', 'followup__contract_measures') }} as delivered
    where {{ is_current('delivered', 'followup__contract_measures', fiscal_year='delivered.year') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(year as integer) as year,
        cast(board_code as string) as board_code,
        cast(contract_code as string) as contract_code,
        cast(measure_code as string) as measure_code,
        cast(measure_name as string) as measure_name,
        cast(group_name as string) as group_name,
        cast(value as decimal(18, 4)) as value,
        cast(unit as string) as unit
    from source
)

select * from renamed
