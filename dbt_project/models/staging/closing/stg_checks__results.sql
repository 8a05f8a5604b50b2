with

source as (
    select * from {{ source('checks', 'checks__results') }}
),

renamed as (
    select
        cast(run_id as string) as run_id,
        cast(source_code as string) as source_code,
        cast(mart as string) as mart,
        cast(check_name as string) as check_name,
        cast(severity as string) as severity,
        cast(passed as boolean) as passed,
        cast(failed_rows as bigint) as failed_rows,
        cast(total_rows as bigint) as total_rows,
        cast(who_fixes as string) as who_fixes,
        cast(description as string) as description
    from source
)

select * from renamed
