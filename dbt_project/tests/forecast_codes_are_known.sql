{#- Catches a forecast for a line, board or segment that does not exist: it would be in no sum. -#}
with

judged as (
    select
        lines.fiscal_year,
        lines.forecast_month,
        case
            when statement_lines.line_code is null then 'raden ' || coalesce(lines.line_code, '(tom)')
            when boards.board_code is null then 'nämnden ' || coalesce(lines.board_code, '(tom)')
            when segments.segment_code is null then 'segmentet ' || coalesce(lines.segment_code, '(tomt)')
        end as unknown
    from {{ ref('stg_forecast__lines') }} as lines
    left join {{ ref('statement_line') }} as statement_lines on lines.line_code = statement_lines.line_code
    left join {{ ref('dim_board') }} as boards on lines.board_code = boards.board_code
    left join {{ ref('segment') }} as segments on lines.segment_code = segments.segment_code
)

select
    fiscal_year,
    forecast_month,
    unknown,
    'Prognosen för månad ' || cast(forecast_month as string) || ' ' || cast(fiscal_year as string) || ' gäller '
    || unknown || ', som inte finns: rätta prognosen och lämna den igen.' as message
from judged
where unknown is not null
group by fiscal_year, forecast_month, unknown
