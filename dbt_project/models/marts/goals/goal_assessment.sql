with

-- Every goal is assessed at every occasion of a year it holds in.
goals as (
    select
        goals.*,
        occasions.year,
        occasions.occasion_name,
        occasions.reported_on as known_on
    from {{ ref('stg_goal__goals') }} as goals
    inner join {{ ref('stg_goal__occasions') }} as occasions
        on occasions.year between goals.valid_from_year and coalesce(goals.valid_to_year, 9999)
),

-- Only indicators with a target for the year can meet one. The rule says which outcomes are good enough.
judged as (
    select
        goals.*,
        rules.rule_version,
        rules.high_degree_above_pct,
        outcomes.indicator_code,
        coalesce(
            outcomes.is_met is not null
            and (outcomes.outcome_status <> 'preliminary' or rules.counts_preliminary)
            and (outcomes.outcome_status <> 'carried_forward' or rules.counts_carried_forward),
            false
        ) as is_usable,
        coalesce(outcomes.is_met, false) as is_met,
        coalesce(outcomes.is_improved and rules.counts_improvement, false) as is_improved
    from goals
    left join {{ ref('goal_rule') }} as rules
        on goals.year between rules.valid_from_year and rules.valid_to_year
    left join {{ ref('indicator_outcome_occasion') }} as outcomes
        on
            goals.goal_code = outcomes.goal_code
            and goals.year = outcomes.year
            and goals.occasion_name = outcomes.occasion_name
            and outcomes.target_value is not null
),

counted as (
    select
        board_code,
        goal_code,
        goal_name,
        priority_code,
        priority_name,
        agenda_2030,
        year,
        occasion_name,
        known_on,
        rule_version,
        high_degree_above_pct,
        count(indicator_code) as indicators_total,
        count_if(is_usable) as indicators_usable,
        count_if(is_usable and is_met) as indicators_met,
        count_if(is_usable and is_improved) as indicators_improved
    from judged
    group by all
),

computed as (
    select
        *,
        case
            when indicators_usable = 0 then 'Ej utvärderad'
            when indicators_met = indicators_total then 'Helt uppfyllt'
            when indicators_met * 100 > indicators_total * high_degree_above_pct then 'I hög grad uppfyllt'
            when indicators_met > 0 or indicators_improved > 0 then 'Delvis uppfyllt'
            else 'Ej uppfyllt'
        end as computed_assessment
    from counted
)

select
    computed.board_code,
    computed.goal_code,
    computed.goal_name,
    computed.priority_code,
    computed.priority_name,
    computed.agenda_2030,
    computed.year,
    computed.occasion_name,
    computed.known_on,
    cast(computed.indicators_total as integer) as indicators_total,
    cast(computed.indicators_usable as integer) as indicators_usable,
    cast(computed.indicators_met as integer) as indicators_met,
    cast(computed.indicators_improved as integer) as indicators_improved,
    computed.computed_assessment,
    published.published_assessment,
    coalesce(published.published_assessment, computed.computed_assessment) as assessment,
    coalesce(published.published_assessment <> computed.computed_assessment, false) as is_override,
    published.motivation,
    computed.rule_version
from computed
left join {{ ref('stg_goal__assessments') }} as published
    on
        computed.goal_code = published.goal_code
        and computed.year = published.year
        and computed.occasion_name = published.occasion_name
order by computed.goal_code, computed.year, computed.known_on, computed.occasion_name
