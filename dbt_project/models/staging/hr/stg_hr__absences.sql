with

source as (
    select delivered.*
    from {{ source('hr', 'hr__absences') }} as delivered
    where {{ is_current('delivered', 'hr__absences', fiscal_year='delivered.fiscal_year') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(fiscal_year as integer) as fiscal_year,
        cast(person_key as string) as person_key,
        cast(employment_key as string) as employment_key,
        cast(cause as string) as cause,
        cast(absent_from as date) as absent_from,
        cast(absent_to as date) as absent_to,
        cast(extent_pct as decimal(5, 2)) as extent_pct
    from source
)

select * from renamed
