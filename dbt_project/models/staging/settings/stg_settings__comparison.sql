with

source as (
    select * from {{ source('settings', 'settings__comparison') }}
),

renamed as (
    select cast(municipality_code as string) as municipality_code
    from source
)

select * from renamed
