{#- Catches a total in a forecast file that is not the sum of the lines beside it. Ours is; the file is in doubt. -#}
{{ config(severity='warn') }}

select
    lines.board_code,
    lines.segment_code,
    lines.fiscal_year,
    lines.forecast_month,
    lines.line_code,
    lines.statement_amount_sek as given_sek,
    forecasts.forecast_sek,
    'Prognosen för månad ' || cast(lines.forecast_month as string) || ' ' || cast(lines.fiscal_year as string)
    || ': ' || lines.line_code || ' är ' || cast(lines.statement_amount_sek as string) || ' men raderna summerar till '
    || cast(forecasts.forecast_sek as string) || '. Rätta prognosen och lämna den igen.' as message
from {{ ref('stg_forecast__lines') }} as lines
inner join {{ ref('statement_line') }} as statement_lines
    on
        lines.line_code = statement_lines.line_code
        and statement_lines.is_total
inner join {{ ref('fct_forecast') }} as forecasts
    on
        lines.board_code = forecasts.board_code
        and lines.segment_code = forecasts.segment_code
        and lines.fiscal_year = forecasts.fiscal_year
        and lines.forecast_month = forecasts.forecast_month
        and lines.reported_on = forecasts.reported_on
        and lines.line_code = forecasts.line_code
where lines.statement_amount_sek <> forecasts.forecast_sek
