with

ours as (
    select known.*
    from {{ ref('fct_indicator_known') }} as known
    inner join {{ ref('stg_settings__municipality') }} as municipality
        on known.municipality_code = municipality.municipality_code
),

-- A year is followed where it has a target or a value; union leaves out the second mention of one that has both.
followed as (
    select
        indicator_code,
        year
    from {{ ref('stg_goal__targets') }}
    union distinct
    select
        indicator_code,
        year
    from ours
    where occasion_name is null
),

defined as (
    select
        followed.year,
        targets.target_value,
        indicators.*
    from followed
    inner join {{ ref('dim_indicator') }} as indicators
        on
            followed.indicator_code = indicators.indicator_code
            and followed.year between indicators.definition_from_year and indicators.definition_to_year
    left join {{ ref('stg_goal__targets') }} as targets
        on
            followed.indicator_code = targets.indicator_code
            and followed.year = targets.year
),

asked as (
    select
        defined.*,
        cast(null as string) as occasion_name,
        cast(null as date) as known_on
    from defined
    union all
    select
        defined.*,
        occasions.occasion_name,
        occasions.reported_on as known_on
    from defined
    inner join {{ ref('stg_goal__occasions') }} as occasions on defined.year = occasions.year
),

-- The year's own value, else that of the latest earlier year, never of another definition.
effective as (
    select
        asked.*,
        ours.value as outcome_value,
        ours.year as outcome_year,
        ours.reported_on as outcome_reported_on,
        case
            when ours.year is null then 'missing'
            when ours.year < asked.year then 'carried_forward'
            else ours.status
        end as outcome_status
    from asked
    left join ours
        on
            asked.indicator_code = ours.indicator_code
            and asked.definition_from_year = ours.definition_from_year
            and asked.year >= ours.year
            and asked.occasion_name is not distinct from ours.occasion_name
            and (ours.occasion_year is null or asked.year = ours.occasion_year)
    qualify
        row_number() over (
            partition by asked.indicator_code, asked.year, asked.occasion_name
            order by ours.year desc nulls last
        ) = 1
),

compared as (
    select
        effective.*,
        before.value as prior_value,
        abs(effective.outcome_value - effective.target_value) as distance,
        abs(before.value - effective.target_value) as prior_distance
    from effective
    left join ours as before
        on
            effective.indicator_code = before.indicator_code
            and effective.definition_from_year = before.definition_from_year
            and effective.year - 1 = before.year
            and effective.occasion_name is not distinct from before.occasion_name
            and (before.occasion_year is null or effective.year = before.occasion_year)
)

select
    compared.indicator_code,
    compared.year,
    compared.occasion_name,
    compared.known_on,
    compared.definition_from_year,
    compared.indicator_name,
    compared.goal_code,
    goals.board_code,
    compared.unit,
    compared.direction,
    compared.decimals,
    compared.target_value,
    compared.outcome_value,
    compared.outcome_status,
    compared.outcome_year,
    compared.outcome_reported_on,
    compared.prior_value,
    case compared.direction
        when 'higher' then compared.outcome_value >= compared.target_value
        when 'lower' then compared.outcome_value <= compared.target_value
        when 'target' then compared.distance <= compared.tolerance
    end as is_met,
    -- What is carried forward is the year before itself: whether it has improved is not known yet.
    case
        when compared.outcome_status not in ('final', 'preliminary') then null
        when compared.direction = 'higher' then compared.outcome_value > compared.prior_value
        when compared.direction = 'lower' then compared.outcome_value < compared.prior_value
        when compared.direction = 'target' then compared.distance < compared.prior_distance
    end as is_improved
from compared
left join {{ ref('stg_goal__goals') }} as goals
    on
        compared.goal_code = goals.goal_code
        and compared.year between goals.valid_from_year and coalesce(goals.valid_to_year, 9999)
order by compared.indicator_code, compared.year, compared.known_on nulls first, compared.occasion_name nulls first
