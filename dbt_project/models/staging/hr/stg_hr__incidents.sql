with

source as (
    select delivered.*
    from {{ source('hr', 'hr__incidents') }} as delivered
    where {{ is_current('delivered', 'hr__incidents', fiscal_year='delivered.fiscal_year') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(fiscal_year as integer) as fiscal_year,
        cast(incident_code as string) as incident_code,
        cast(kind as string) as kind,
        cast(happened_on as date) as happened_on,
        cast(unit_code as string) as unit_code
    from source
)

select * from renamed
