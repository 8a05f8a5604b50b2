with

source as (
    select delivered.*
    from {{ source('survey', 'survey__answers') }} as delivered
    where {{ is_current('delivered', 'survey__answers', fiscal_year='delivered.year') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(survey_code as string) as survey_code,
        cast(year as integer) as year,
        cast(round_no as integer) as round_no,
        cast(measured_on as date) as measured_on,
        cast(group_code as string) as group_code,
        cast(respondent_no as integer) as respondent_no,
        cast(question_code as string) as question_code,
        cast(answer_value as decimal(9, 2)) as answer_value,
        cast(is_no_opinion as boolean) as is_no_opinion,
        cast(weight as decimal(12, 6)) as answer_weight
    from source
)

select * from renamed
