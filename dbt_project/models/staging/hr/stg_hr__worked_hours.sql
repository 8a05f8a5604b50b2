with

source as (
    select delivered.*
    from {{ source('hr', 'hr__worked_hours') }} as delivered
    where {{ is_current('delivered', 'hr__worked_hours', fiscal_year='delivered.fiscal_year') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(fiscal_year as integer) as fiscal_year,
        cast(person_key as string) as person_key,
        cast(employment_key as string) as employment_key,
        cast(period as integer) as period,
        cast(kind as string) as hours_kind,
        cast(hours as decimal(9, 2)) as worked_hours
    from source
)

select * from renamed
