with

source as (
    select * from {{ source('releases', 'releases__survey_mask') }}
),

renamed as (
    select
        cast(survey_code as string) as survey_code,
        cast(year as integer) as year,
        cast(question_code as string) as question_code,
        cast(group_code as string) as group_code
    from source
)

select * from renamed
