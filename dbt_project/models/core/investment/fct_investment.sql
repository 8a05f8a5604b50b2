select
    ledger.load_id,
    ledger.row_no,
    ledger.fiscal_year,
    ledger.period,
    projects.board_code,
    projects.node_code,
    ledger.account,
    ledger.voucher_date,
    ledger.amount_sek
from {{ ref('fct_ledger') }} as ledger
inner join {{ ref('dim_account') }} as accounts
    on
        ledger.account = accounts.account
        and ledger.fiscal_year = accounts.fiscal_year
        and accounts.is_investment
inner join {{ ref('dim_project') }} as projects
    on
        ledger.project_code = projects.node_code
        and ledger.fiscal_year = projects.fiscal_year
order by ledger.fiscal_year, ledger.load_id, ledger.row_no
