with

source as (
    select * from {{ source('settings', 'settings__staff') }}
),

renamed as (
    select
        cast(hours_per_full_time_year as integer) as hours_per_full_time_year,
        cast(min_group_size as integer) as min_group_size,
        cast(min_employees_for_decimals as integer) as min_employees_for_decimals,
        cast(min_survey_answers as integer) as min_survey_answers
    from source
)

select * from renamed
