select
    indicator_code,
    indicator_name,
    goal_code,
    board_code,
    unit,
    direction,
    decimals,
    year,
    target_value,
    outcome_value,
    outcome_status,
    outcome_year,
    outcome_reported_on,
    prior_value,
    is_met,
    is_improved,
    definition_from_year
from {{ ref('fct_indicator_outcome') }}
where occasion_name is null
order by indicator_code, year
