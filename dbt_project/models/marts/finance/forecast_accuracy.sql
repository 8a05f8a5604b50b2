with

years as (
    select
        fiscal_year,
        bool_or(has_ledger) as has_ledger
    from {{ ref('dim_period') }}
    group by fiscal_year
),

-- How far into the year the board's outcome reaches.
reach as (
    select
        board_code,
        fiscal_year,
        max(period) as outcome_to_period
    from {{ ref('fct_ledger') }}
    where line_code is not null
    group by board_code, fiscal_year
),

compared as (
    select
        forecasts.*,
        reach.outcome_to_period,
        case when years.has_ledger then coalesce(outcomes.outcome_sek, 0) end as outcome_sek
    from {{ ref('fct_forecast') }} as forecasts
    left join {{ ref('budget_outcome') }} as outcomes
        on
            forecasts.board_code = outcomes.board_code
            and forecasts.segment_code = outcomes.segment_code
            and forecasts.fiscal_year = outcomes.fiscal_year
            and forecasts.line_code = outcomes.line_code
    left join years on forecasts.fiscal_year = years.fiscal_year
    left join reach
        on
            forecasts.board_code = reach.board_code
            and forecasts.fiscal_year = reach.fiscal_year
),

-- The lines of operations, which are those that the net cost is made of, compete for being nearest.
judged as (
    select
        compared.*,
        cast(abs(compared.outcome_sek - compared.forecast_sek) as double)
        / nullif(cast(abs(compared.outcome_sek) as double), 0) as relative_error,
        operations.component_code is not null and compared.outcome_sek <> 0 as is_ranked
    from compared
    left join {{ ref('statement_line_component') }} as operations
        on
            compared.line_code = operations.component_code
            and operations.line_code = 'net_cost'
),

ranked as (
    select
        judged.*,
        statement_lines.line_no,
        statement_lines.line_name,
        statement_lines.is_total,
        case
            when judged.is_ranked
                then
                    row_number() over (
                        partition by
                            judged.board_code,
                            judged.segment_code,
                            judged.fiscal_year,
                            judged.forecast_month,
                            judged.reported_on,
                            judged.is_ranked
                        order by judged.relative_error asc nulls last, statement_lines.line_no asc
                    )
        end as accuracy_rank
    from judged
    left join {{ ref('statement_line') }} as statement_lines on judged.line_code = statement_lines.line_code
)

select
    ranked.board_code,
    boards.board_name,
    ranked.segment_code,
    segments.segment_name,
    ranked.fiscal_year,
    ranked.occasion_name,
    ranked.forecast_month,
    ranked.reported_on,
    ranked.is_latest_report,
    ranked.line_no,
    ranked.line_code,
    ranked.line_name,
    ranked.is_total,
    ranked.forecast_sek,
    cast(ranked.outcome_sek as decimal(18, 2)) as outcome_sek,
    cast(ranked.outcome_sek - ranked.forecast_sek as decimal(18, 2)) as deviation_sek,
    cast(ranked.relative_error * 100 as decimal(18, 4)) as relative_error_pct,
    cast(ranked.accuracy_rank as integer) as accuracy_rank,
    cast(ranked.outcome_to_period as integer) as outcome_to_period
from ranked
left join {{ ref('dim_board') }} as boards on ranked.board_code = boards.board_code
left join {{ ref('segment') }} as segments on ranked.segment_code = segments.segment_code
order by
    ranked.board_code,
    ranked.fiscal_year,
    ranked.segment_code,
    ranked.forecast_month,
    ranked.reported_on,
    ranked.line_no
