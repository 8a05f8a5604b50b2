{#- Catches a board and year with a budget but no ledger, which is right before the year begins and wrong after. -#}
{{ config(severity='warn') }}

with

ledger as (
    select
        board_code,
        fiscal_year
    from {{ ref('fct_ledger') }}
    where line_code is not null
    group by board_code, fiscal_year
),

budget as (
    select
        board_code,
        fiscal_year
    from {{ ref('fct_budget') }}
    where line_code is not null
    group by board_code, fiscal_year
)

select
    budget.board_code,
    budget.fiscal_year,
    'Nämnd ' || budget.board_code || ' har budget men ingen bokföring för ' || cast(budget.fiscal_year as string)
    || ': lämna bokföringen om året har börjat.' as message
from budget
left join ledger
    on
        budget.board_code = ledger.board_code
        and budget.fiscal_year = ledger.fiscal_year
where ledger.board_code is null
