with

source as (
    select delivered.*
    from {{ source('survey', 'survey__questions') }} as delivered
    where {{ is_current('delivered', 'survey__questions', fiscal_year='delivered.year') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(survey_code as string) as survey_code,
        cast(survey_name as string) as survey_name,
        cast(year as integer) as year,
        cast(round_no as integer) as round_no,
        cast(question_code as string) as question_code,
        cast(question_text as string) as question_text,
        cast(statistic as string) as statistic,
        cast(unit as string) as unit,
        cast(scale_min as integer) as scale_min,
        cast(scale_max as integer) as scale_max,
        cast(favourable_from as integer) as favourable_from,
        cast(decimals as integer) as decimals,
        cast(min_answers as integer) as min_answers
    from source
)

select * from renamed
