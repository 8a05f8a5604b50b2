with

-- The occasion of its own year at which a value was first told; none where it came after the last.
told as (
    select
        reports.*,
        occasions.occasion_name
    from {{ ref('fct_indicator_value') }} as reports
    inner join {{ ref('stg_settings__municipality') }} as ours on reports.municipality_code = ours.municipality_code
    left join {{ ref('stg_goal__occasions') }} as occasions
        on
            reports.year = occasions.year
            and reports.reported_on <= occasions.reported_on
    qualify
        row_number() over (
            partition by reports.indicator_code, reports.year, reports.reported_on, reports.source_name
            order by occasions.reported_on asc nulls last, occasions.occasion_name asc nulls last
        ) = 1
)

select
    told.indicator_code,
    indicators.indicator_name,
    indicators.goal_code,
    goals.board_code,
    indicators.unit,
    told.year,
    told.reported_on,
    told.occasion_name,
    told.value,
    told.status,
    told.revision_no,
    told.answers,
    told.margin_of_error,
    told.definition_from_year,
    told.source_name,
    told.load_id,
    told.row_no
from told
left join {{ ref('dim_indicator') }} as indicators
    on
        told.indicator_code = indicators.indicator_code
        and told.definition_from_year = indicators.definition_from_year
left join {{ ref('stg_goal__goals') }} as goals
    on
        indicators.goal_code = goals.goal_code
        and told.year between goals.valid_from_year and coalesce(goals.valid_to_year, 9999)
order by told.indicator_code, told.year, told.reported_on, told.source_name
