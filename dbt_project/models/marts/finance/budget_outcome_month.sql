with

to_date as (
    select
        *,
        sum(budget_sek) over months_so_far as budget_ytd_sek,
        sum(outcome_sek) over months_so_far as outcome_ytd_sek,
        sum(prior_outcome_sek) over months_so_far as prior_outcome_ytd_sek
    from {{ ref('fct_statement') }}
    window months_so_far as (
        partition by board_code, segment_code, unit_code, fiscal_year, line_code
        order by period
        rows between unbounded preceding and current row
    )
)

select
    to_date.board_code,
    to_date.segment_code,
    to_date.unit_code,
    to_date.fiscal_year,
    to_date.period,
    statement_lines.line_no,
    to_date.line_code,
    statement_lines.line_name,
    statement_lines.is_total,
    to_date.budget_sek,
    to_date.outcome_sek,
    cast(to_date.budget_ytd_sek as decimal(18, 2)) as budget_ytd_sek,
    cast(to_date.outcome_ytd_sek as decimal(18, 2)) as outcome_ytd_sek,
    cast(to_date.outcome_ytd_sek - to_date.budget_ytd_sek as decimal(18, 2)) as deviation_ytd_sek,
    cast(to_date.prior_outcome_ytd_sek as decimal(18, 2)) as prior_outcome_ytd_sek
from to_date
left join {{ ref('statement_line') }} as statement_lines on to_date.line_code = statement_lines.line_code
order by
    to_date.board_code,
    to_date.segment_code,
    to_date.unit_code nulls last,
    to_date.period,
    statement_lines.line_no
