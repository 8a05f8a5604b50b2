with

-- Every figure of ours on a base line, once: this year's budget and outcome, and the outcome as next year's prior.
figures as (
    select
        board_code,
        segment_code,
        unit_code,
        fiscal_year,
        period,
        line_code,
        statement_amount_sek as budget_sek,
        0 as outcome_sek,
        0 as prior_outcome_sek
    from {{ ref('fct_budget') }}
    where line_code is not null
    union all
    select
        board_code,
        segment_code,
        unit_code,
        fiscal_year,
        period,
        line_code,
        0 as budget_sek,
        statement_amount_sek as outcome_sek,
        0 as prior_outcome_sek
    from {{ ref('fct_ledger') }}
    where line_code is not null
    union all
    select
        board_code,
        segment_code,
        unit_code,
        fiscal_year + 1 as fiscal_year,
        period + 100 as period,
        line_code,
        0 as budget_sek,
        0 as outcome_sek,
        statement_amount_sek as prior_outcome_sek
    from {{ ref('fct_ledger') }}
    where line_code is not null
),

-- Prior outcomes alone do not make a year: the board and segment must have a budget or an outcome of its own.
groups as (
    select
        board_code,
        segment_code,
        fiscal_year
    from {{ ref('fct_budget') }}
    where line_code is not null
    union -- one row per board, segment and year, whichever has it
    select
        board_code,
        segment_code,
        fiscal_year
    from {{ ref('fct_ledger') }}
    where line_code is not null
),

own_figures as (
    select
        figures.board_code,
        figures.segment_code,
        figures.unit_code,
        figures.fiscal_year,
        figures.period,
        figures.line_code,
        sum(figures.budget_sek) as budget_sek,
        sum(figures.outcome_sek) as outcome_sek,
        sum(figures.prior_outcome_sek) as prior_outcome_sek
    from figures
    inner join groups
        on
            figures.board_code = groups.board_code
            and figures.segment_code = groups.segment_code
            and figures.fiscal_year = groups.fiscal_year
    group by
        figures.board_code,
        figures.segment_code,
        figures.unit_code,
        figures.fiscal_year,
        figures.period,
        figures.line_code
),

units as (
    select
        board_code,
        segment_code,
        unit_code,
        fiscal_year
    from own_figures
    group by board_code, segment_code, unit_code, fiscal_year
),

-- Each line takes the figures of its components. All lines and months of every unit are there, at zero, so that
-- nothing is missing where nothing happened.
filled as (
    select
        own_figures.board_code,
        own_figures.segment_code,
        own_figures.unit_code,
        own_figures.fiscal_year,
        own_figures.period,
        components.line_code,
        own_figures.budget_sek,
        own_figures.outcome_sek,
        own_figures.prior_outcome_sek
    from own_figures
    inner join {{ ref('statement_line_component') }} as components
        on own_figures.line_code = components.component_code
    union all
    select
        units.board_code,
        units.segment_code,
        units.unit_code,
        units.fiscal_year,
        periods.period,
        statement_lines.line_code,
        0 as budget_sek,
        0 as outcome_sek,
        0 as prior_outcome_sek
    from units
    inner join {{ ref('dim_period') }} as periods on units.fiscal_year = periods.fiscal_year
    cross join {{ ref('statement_line') }} as statement_lines
),

summed as (
    select
        board_code,
        segment_code,
        unit_code,
        fiscal_year,
        period,
        line_code,
        sum(budget_sek) as budget_sek,
        sum(outcome_sek) as outcome_sek,
        sum(prior_outcome_sek) as prior_outcome_sek
    from filled
    group by board_code, segment_code, unit_code, fiscal_year, period, line_code
)

select
    summed.board_code,
    summed.segment_code,
    summed.unit_code,
    summed.fiscal_year,
    summed.period,
    summed.line_code,
    cast(summed.budget_sek as decimal(18, 2)) as budget_sek,
    cast(summed.outcome_sek as decimal(18, 2)) as outcome_sek,
    cast(case when periods.has_prior_ledger then summed.prior_outcome_sek end as decimal(18, 2)) as prior_outcome_sek
from summed
left join {{ ref('dim_period') }} as periods on summed.period = periods.period
