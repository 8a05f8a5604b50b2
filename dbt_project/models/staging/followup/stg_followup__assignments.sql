with

source as (
    select delivered.*
    from {{ source('followup', 'followup__assignments') }} as delivered
    where {{ is_current('delivered', 'followup__assignments', fiscal_year='delivered.year') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(year as integer) as year,
        cast(board_code as string) as board_code,
        cast(assignment_code as string) as assignment_code,
        cast(assignment_text as string) as assignment_text,
        cast(status as string) as status,
        cast(comment as string) as comment,
        cast(decided_on as date) as decided_on,
        cast(reported_on as date) as reported_on
    from source
)

select * from renamed
