select
    entries.board_code,
    entries.segment_code,
    entries.unit_code,
    entries.account,
    accounts.account_name,
    accounts.account_group,
    accounts.group_name,
    entries.line_code,
    coalesce(accounts.is_investment, false) as is_investment,
    entries.project_code,
    entries.activity_code,
    entries.counterparty_code,
    entries.voucher_series,
    entries.voucher_no,
    entries.voucher_date,
    entries.period,
    entries.fiscal_year,
    entries.amount_sek,
    entries.voucher_text,
    entries.text,
    loads.file_name,
    entries.row_no,
    entries.load_id
from {{ ref('fct_ledger') }} as entries
left join {{ ref('dim_account') }} as accounts
    on
        entries.account = accounts.account
        and entries.fiscal_year = accounts.fiscal_year
left join {{ ref('stg_deliveries__load') }} as loads on entries.load_id = loads.load_id
order by entries.fiscal_year, loads.file_name, entries.load_id, entries.row_no
