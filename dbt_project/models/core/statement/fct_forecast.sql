with

delivered as (
    select
        load_id,
        fiscal_year,
        forecast_month,
        occasion_name,
        reported_on,
        board_code,
        segment_code,
        line_code,
        statement_amount_sek
    from {{ ref('stg_forecast__lines') }}
    union all
    select
        load_id,
        fiscal_year,
        forecast_month,
        occasion_name,
        reported_on,
        board_code,
        segment_code,
        line_code,
        statement_amount_sek
    from {{ ref('fct_ledger_forecast') }}
),

-- Each round of a board is that of one delivery, the newest that tells it; earlier reported dates stay beside.
lines as (
    select lines.*
    from delivered as lines
    left join {{ ref('stg_deliveries__load') }} as loads on lines.load_id = loads.load_id
    qualify
        dense_rank() over (
            partition by lines.board_code, lines.fiscal_year, lines.forecast_month, lines.reported_on
            order by loads.received_at desc nulls last, lines.load_id desc
        ) = 1
),

rounds as (
    select
        board_code,
        segment_code,
        fiscal_year,
        forecast_month,
        reported_on,
        min(occasion_name) as occasion_name
    from lines
    group by board_code, segment_code, fiscal_year, forecast_month, reported_on
),

-- Each line takes the figures of its components, so totals are ours whatever the file says; a test compares them.
-- Every line is there, at zero where nothing is foreseen.
filled as (
    select
        lines.board_code,
        lines.segment_code,
        lines.fiscal_year,
        lines.forecast_month,
        lines.reported_on,
        components.line_code,
        lines.statement_amount_sek
    from lines
    inner join {{ ref('statement_line_component') }} as components on lines.line_code = components.component_code
    union all
    select
        rounds.board_code,
        rounds.segment_code,
        rounds.fiscal_year,
        rounds.forecast_month,
        rounds.reported_on,
        statement_lines.line_code,
        0 as statement_amount_sek
    from rounds
    cross join {{ ref('statement_line') }} as statement_lines
),

summed as (
    select
        board_code,
        segment_code,
        fiscal_year,
        forecast_month,
        reported_on,
        line_code,
        sum(statement_amount_sek) as forecast_sek
    from filled
    group by board_code, segment_code, fiscal_year, forecast_month, reported_on, line_code
)

select
    summed.board_code,
    summed.segment_code,
    summed.fiscal_year,
    rounds.occasion_name,
    summed.forecast_month,
    summed.reported_on,
    summed.reported_on = max(summed.reported_on) over (
        partition by summed.board_code, summed.segment_code, summed.fiscal_year, summed.forecast_month
    ) as is_latest_report,
    summed.line_code,
    cast(summed.forecast_sek as decimal(18, 2)) as forecast_sek
from summed
inner join rounds
    on
        summed.board_code = rounds.board_code
        and summed.segment_code = rounds.segment_code
        and summed.fiscal_year = rounds.fiscal_year
        and summed.forecast_month = rounds.forecast_month
        and summed.reported_on = rounds.reported_on
order by summed.fiscal_year, summed.board_code, summed.segment_code, summed.forecast_month, summed.reported_on
