with

source as (
    select delivered.*
    from {{ source('organisation', 'organisation__units') }} as delivered
    where {{ is_current('delivered', 'organisation__units') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(unit_code as string) as unit_code,
        cast(unit_name as string) as unit_name,
        cast(parent_code as string) as parent_unit_code,
        cast(board_code as string) as board_code,
        cast(segment_code as string) as segment_code,
        cast(valid_from as date) as valid_from,
        cast(valid_to as date) as valid_to,
        cast(predecessor_codes as string) as predecessor_codes
    from source
)

select * from renamed
