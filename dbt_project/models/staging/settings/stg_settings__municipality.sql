with

source as (
    select * from {{ source('settings', 'settings__municipality') }}
),

renamed as (
    select
        cast(municipality_code as string) as municipality_code,
        cast(municipality_name as string) as municipality_name,
        cast(organisation_number as string) as organisation_number
    from source
)

select * from renamed
