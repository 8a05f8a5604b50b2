with

source as (
    select * from {{ source('releases', 'releases__release') }}
),

renamed as (
    select
        cast(release_id as string) as release_id,
        cast(published_at as timestamp) as published_at,
        cast(run_id as string) as run_id,
        cast(git_sha as string) as git_sha,
        cast(data_from as date) as data_from,
        cast(data_to as date) as data_to,
        cast(checks_passed as integer) as checks_passed,
        cast(checks_warned as integer) as checks_warned
    from source
)

select * from renamed
