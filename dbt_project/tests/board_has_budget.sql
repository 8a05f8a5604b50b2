{#- Catches a board and year with a ledger but no budget: every deviation would be the outcome itself. -#}
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
    ledger.board_code,
    ledger.fiscal_year,
    'Nämnd ' || ledger.board_code || ' har bokföring men ingen budget för ' || cast(ledger.fiscal_year as string)
    || ': lämna budgetfilen för året.' as message
from ledger
left join budget
    on
        ledger.board_code = budget.board_code
        and ledger.fiscal_year = budget.fiscal_year
where budget.board_code is null
