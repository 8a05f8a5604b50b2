with

known as (
    select *
    from {{ ref('fct_indicator_known') }}
    where occasion_name is null
),

ours as (
    select known.*
    from known
    inner join {{ ref('stg_settings__municipality') }} as municipality
        on known.municipality_code = municipality.municipality_code
),

-- Years are compared within one definition; a line through three years in a row rises by half of last minus first.
in_series as (
    select
        ours.*,
        before.value as prior_value,
        case when before.value is not null then cast((ours.value - earlier.value) * 0.5 as decimal(18, 4)) end
            as trend_per_year
    from ours
    left join ours as before
        on
            ours.indicator_code = before.indicator_code
            and ours.definition_from_year = before.definition_from_year
            and ours.year - 1 = before.year
    left join ours as earlier
        on
            ours.indicator_code = earlier.indicator_code
            and ours.definition_from_year = earlier.definition_from_year
            and ours.year - 2 = earlier.year
),

described as (
    select
        in_series.*,
        indicators.indicator_name,
        indicators.goal_code,
        indicators.unit,
        indicators.direction,
        targets.target_value
    from in_series
    left join {{ ref('dim_indicator') }} as indicators
        on
            in_series.indicator_code = indicators.indicator_code
            and in_series.definition_from_year = indicators.definition_from_year
    left join {{ ref('stg_goal__targets') }} as targets
        on
            in_series.indicator_code = targets.indicator_code
            and in_series.year = targets.year
),

-- The others of the group, each with its own value of the same definition and year.
others as (
    select known.*
    from known
    inner join {{ ref('stg_settings__comparison') }} as members
        on known.municipality_code = members.municipality_code
    left join {{ ref('stg_settings__municipality') }} as municipality
        on known.municipality_code = municipality.municipality_code
    where municipality.municipality_code is null
),

compared as (
    select
        described.indicator_code,
        described.year,
        count(*) as comparison_members,
        cast(median(cast(others.value as double)) as decimal(18, 4)) as comparison_median,
        case
            when any_value(described.direction) <> 'target' or any_value(described.target_value) is not null
                then
                    1 + count_if(
                        case described.direction
                            when 'higher' then others.value > described.value
                            when 'lower' then others.value < described.value
                            else
                                abs(others.value - described.target_value)
                                < abs(described.value - described.target_value)
                        end
                    )
        end as comparison_rank
    from described
    inner join others
        on
            described.indicator_code = others.indicator_code
            and described.definition_from_year = others.definition_from_year
            and described.year = others.year
    group by described.indicator_code, described.year
)

select
    described.indicator_code,
    described.indicator_name,
    described.goal_code,
    goals.board_code,
    described.unit,
    described.direction,
    described.year,
    described.value as outcome_value,
    described.status as outcome_status,
    described.prior_value,
    cast(described.value - described.prior_value as decimal(18, 4)) as change_value,
    described.trend_per_year,
    compared.comparison_median,
    cast(compared.comparison_rank as integer) as comparison_rank,
    cast(coalesce(compared.comparison_members, 0) as integer) as comparison_members,
    described.definition_from_year
from described
left join compared
    on
        described.indicator_code = compared.indicator_code
        and described.year = compared.year
left join {{ ref('stg_goal__goals') }} as goals
    on
        described.goal_code = goals.goal_code
        and described.year between goals.valid_from_year and coalesce(goals.valid_to_year, 9999)
order by described.indicator_code, described.year
