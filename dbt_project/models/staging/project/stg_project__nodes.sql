with

source as (
    select delivered.*
    from {{ source('project', 'project__nodes') }} as delivered
    where {{ is_current('delivered', 'project__nodes') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(node_code as string) as node_code,
        cast(node_name as string) as node_name,
        cast(parent_code as string) as parent_code,
        cast(level as string) as level,
        cast(board_code as string) as board_code,
        cast(sort_no as integer) as sort_no,
        cast(valid_from as date) as valid_from,
        cast(valid_to as date) as valid_to
    from source
)

select * from renamed
