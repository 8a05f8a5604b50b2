with

months as (
    select
        board_code,
        segment_code,
        fiscal_year,
        period,
        line_no,
        line_code,
        line_name,
        is_total,
        sum(budget_sek) as budget_sek,
        sum(outcome_sek) as outcome_sek,
        sum(budget_ytd_sek) as budget_ytd_sek,
        sum(outcome_ytd_sek) as outcome_ytd_sek,
        sum(deviation_ytd_sek) as deviation_ytd_sek,
        sum(prior_outcome_ytd_sek) as prior_outcome_ytd_sek
    from {{ ref('budget_outcome_month') }}
    group by board_code, segment_code, fiscal_year, period, line_no, line_code, line_name, is_total
),

years as (
    select
        *,
        sum(budget_sek) over (partition by board_code, segment_code, fiscal_year, line_code) as budget_full_year_sek
    from months
),

-- The newest round that had been reported by the last day of the month.
foreseen as (
    select
        years.*,
        forecasts.occasion_name,
        forecasts.reported_on,
        forecasts.forecast_sek
    from years
    left join {{ ref('dim_period') }} as periods on years.period = periods.period
    left join {{ ref('fct_forecast') }} as forecasts
        on
            years.board_code = forecasts.board_code
            and years.segment_code = forecasts.segment_code
            and years.fiscal_year = forecasts.fiscal_year
            and years.line_code = forecasts.line_code
            and forecasts.reported_on <= periods.ends_on
    qualify
        row_number() over (
            partition by years.board_code, years.segment_code, years.period, years.line_code
            order by forecasts.reported_on desc nulls last, forecasts.forecast_month desc nulls last
        ) = 1
)

select
    foreseen.board_code,
    boards.board_name,
    foreseen.segment_code,
    segments.segment_name,
    foreseen.fiscal_year,
    foreseen.period,
    foreseen.line_no,
    foreseen.line_code,
    foreseen.line_name,
    foreseen.is_total,
    cast(foreseen.budget_sek as decimal(18, 2)) as budget_sek,
    cast(foreseen.outcome_sek as decimal(18, 2)) as outcome_sek,
    cast(foreseen.budget_ytd_sek as decimal(18, 2)) as budget_ytd_sek,
    cast(foreseen.outcome_ytd_sek as decimal(18, 2)) as outcome_ytd_sek,
    cast(foreseen.deviation_ytd_sek as decimal(18, 2)) as deviation_ytd_sek,
    cast(foreseen.prior_outcome_ytd_sek as decimal(18, 2)) as prior_outcome_ytd_sek,
    cast(foreseen.budget_full_year_sek as decimal(18, 2)) as budget_full_year_sek,
    cast(foreseen.forecast_sek as decimal(18, 2)) as forecast_full_year_sek,
    cast(foreseen.forecast_sek - foreseen.budget_full_year_sek as decimal(18, 2)) as forecast_deviation_sek,
    foreseen.occasion_name,
    foreseen.reported_on
from foreseen
left join {{ ref('dim_board') }} as boards on foreseen.board_code = boards.board_code
left join {{ ref('segment') }} as segments on foreseen.segment_code = segments.segment_code
order by foreseen.board_code, foreseen.segment_code, foreseen.period, foreseen.line_no
