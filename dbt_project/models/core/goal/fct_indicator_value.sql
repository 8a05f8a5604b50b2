with

-- A survey of our own reports on the day it was held, or at the end of its year where it does not say.
survey_files as (
    select
        load_id,
        survey_code || coalesce('_' || cast(round_no as string), '') as survey_code,
        year,
        min(row_no) as row_no,
        coalesce(max(measured_on), make_date(year, 12, 31)) as reported_on
    from {{ ref('stg_survey__answers') }}
    group by load_id, survey_code, round_no, year
),

-- Whatever reports values of indicators is added here, with the same columns.
reported as (
    select
        load_id,
        row_no,
        source_name,
        external_code,
        municipality_code,
        year,
        reported_on,
        status,
        case when status in ('preliminary', 'final') then value end as value,
        answers,
        margin_of_error
    from {{ ref('stg_indicator__values') }}
    where group_code = 'total'
    union all
    -- The mart, not what it is made from: what it withholds is not told here either.
    select
        survey_files.load_id,
        survey_files.row_no,
        'Egen enkät' as source_name,
        results.survey_code || '/' || results.question_code as external_code,
        municipality.municipality_code,
        results.year,
        survey_files.reported_on,
        'final' as status,
        results.value,
        results.answers,
        results.margin_of_error
    from {{ ref('survey_result') }} as results
    inner join survey_files on results.survey_code = survey_files.survey_code and results.year = survey_files.year
    cross join {{ ref('stg_settings__municipality') }} as municipality
    where results.group_code = 'total' and not results.is_suppressed
),

-- A value is of the definition that holds in its year and is found under the source's own code.
placed as (
    select
        indicators.indicator_code,
        indicators.valid_from_year as definition_from_year,
        reported.*
    from reported
    inner join {{ ref('stg_goal__indicators') }} as indicators
        on
            lower(reported.source_name) = lower(indicators.source_name)
            and lower(reported.external_code) = lower(indicators.external_code)
            and reported.year between indicators.valid_from_year and coalesce(indicators.valid_to_year, 9999)
),

-- What a source reports twice the same day is told by the newer delivery.
vintages as (
    select placed.*
    from placed
    left join {{ ref('stg_deliveries__load') }} as loads on placed.load_id = loads.load_id
    qualify
        row_number() over (
            partition by
                placed.indicator_code,
                placed.municipality_code,
                placed.year,
                placed.source_name,
                placed.reported_on
            order by loads.received_at desc nulls last, placed.load_id desc, placed.row_no desc
        ) = 1
)

select
    indicator_code,
    definition_from_year,
    municipality_code,
    year,
    reported_on,
    source_name,
    cast(
        row_number() over (
            partition by indicator_code, municipality_code, year, source_name
            order by reported_on
        ) as integer
    ) as revision_no,
    status,
    cast(value as decimal(18, 4)) as value,
    answers,
    margin_of_error,
    load_id,
    row_no
from vintages
order by indicator_code, municipality_code, year, reported_on, source_name
