with

summed as (
    select
        board_code,
        segment_code,
        unit_code,
        fiscal_year,
        line_code,
        sum(budget_sek) as budget_sek,
        sum(outcome_sek) as outcome_sek,
        sum(prior_outcome_sek) as prior_outcome_sek
    from {{ ref('fct_statement') }}
    group by board_code, segment_code, unit_code, fiscal_year, line_code
)

select
    summed.board_code,
    boards.board_name,
    summed.segment_code,
    segments.segment_name,
    summed.unit_code,
    case when summed.unit_code is null then 'Utan ansvar' else unit_years.unit_name end as unit_name,
    summed.fiscal_year,
    statement_lines.line_no,
    summed.line_code,
    statement_lines.line_name,
    statement_lines.is_total,
    cast(summed.budget_sek as decimal(18, 2)) as budget_sek,
    cast(summed.outcome_sek as decimal(18, 2)) as outcome_sek,
    cast(summed.outcome_sek - summed.budget_sek as decimal(18, 2)) as deviation_sek,
    cast(summed.prior_outcome_sek as decimal(18, 2)) as prior_outcome_sek,
    cast(summed.outcome_sek - summed.prior_outcome_sek as decimal(18, 2)) as change_sek
from summed
left join {{ ref('dim_org_unit_year') }} as unit_years
    on
        summed.unit_code = unit_years.unit_code
        and summed.fiscal_year = unit_years.fiscal_year
left join {{ ref('dim_board') }} as boards on summed.board_code = boards.board_code
left join {{ ref('segment') }} as segments on summed.segment_code = segments.segment_code
left join {{ ref('statement_line') }} as statement_lines on summed.line_code = statement_lines.line_code
order by
    summed.board_code,
    summed.fiscal_year,
    summed.segment_code,
    summed.unit_code nulls last,
    statement_lines.line_no
