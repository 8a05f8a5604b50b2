with

source as (
    select delivered.*
    from {{ source('hr', 'hr__employments') }} as delivered
    where {{ is_current('delivered', 'hr__employments') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(person_key as string) as person_key,
        cast(former_person_key as string) as former_person_key,
        cast(employment_key as string) as employment_key,
        cast(birth_year as integer) as birth_year,
        cast(sex as string) as sex,
        cast(employment_form as string) as employment_form,
        cast(unit_code as string) as unit_code,
        cast(occupation_code as string) as occupation_code,
        cast(contracted_rate_pct as decimal(5, 2)) as contracted_rate_pct,
        cast(valid_from as date) as valid_from,
        cast(valid_to as date) as valid_to,
        cast(employed_from as date) as employed_from,
        cast(employed_to as date) as employed_to,
        cast(leaving_reason as string) as leaving_reason
    from source
)

select * from renamed
