with

postings as (
    select *
    from {{ ref('stg_ledger__postings') }}
    where is_counted
),

default_board as (
    select board_code
    from {{ ref('dim_board') }}
    where is_default
),

-- Whose the posting is: the unit's board and segment on the voucher date; without unit, the default board.
owned as (
    select
        postings.*,
        coalesce(units.board_code, default_board.board_code) as board_code,
        case when postings.unit_code is null then 'ordinary' else units.segment_code end as segment_code
    from postings
    left join {{ ref('dim_org_unit') }} as units
        on
            postings.unit_code = units.unit_code
            and postings.voucher_date between units.valid_from and units.valid_to
    left join default_board on postings.unit_code is null
)

-- In no order: to sort every posting costs as much as all the rest, and `ledger_entry` is what people read.
select
    owned.load_id,
    owned.row_no,
    owned.fiscal_year,
    owned.period,
    owned.board_code,
    owned.segment_code,
    owned.unit_code,
    owned.account,
    accounts.line_code,
    owned.activity_code,
    owned.project_code,
    owned.counterparty_code,
    owned.voucher_series,
    owned.voucher_no,
    owned.voucher_row_no,
    owned.voucher_date,
    owned.registered_on,
    owned.voucher_text,
    owned.text,
    owned.quantity,
    owned.amount_sek,
    cast(-owned.amount_sek as decimal(18, 2)) as statement_amount_sek
from owned
left join {{ ref('dim_account') }} as accounts
    on
        owned.account = accounts.account
        and owned.fiscal_year = accounts.fiscal_year
