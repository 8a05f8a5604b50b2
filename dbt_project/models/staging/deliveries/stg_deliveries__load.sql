with

source as (
    select * from {{ source('deliveries', 'deliveries__load') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(source_code as string) as source_code,
        cast(file_name as string) as file_name,
        cast(sha256 as string) as sha256,
        cast(received_at as timestamp) as received_at,
        cast(period_from as integer) as period_from,
        cast(period_to as integer) as period_to,
        cast(rows_in as bigint) as rows_in,
        cast(rows_loaded as bigint) as rows_loaded,
        cast(rows_quarantined as bigint) as rows_quarantined,
        cast(rows_duplicate as bigint) as rows_duplicate,
        cast(status as string) as status,
        cast(message as string) as message
    from source
)

select * from renamed
