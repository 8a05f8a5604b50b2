{#-
    Catches postings lost on the way: the ledger's own result per account (SIE #RES) is not the sum of its postings.
    A warning, since a quarantined voucher gives the same difference. Ledgers without #RES rows are not compared.
-#}
{{ config(severity='warn') }}

with

balances as (
    select
        load_id,
        fiscal_year,
        account,
        amount_sek
    from {{ ref('stg_ledger__balances') }}
    where
        balance_kind = 'RES'
        and year_no = 0
),

loads as (
    select load_id
    from balances
    group by load_id
),

compared as (
    select
        load_id,
        fiscal_year,
        account,
        0 as posted_sek,
        amount_sek as balance_sek
    from balances
    union all
    select
        ledger.load_id,
        ledger.fiscal_year,
        ledger.account,
        ledger.amount_sek as posted_sek,
        0 as balance_sek
    from {{ ref('fct_ledger') }} as ledger
    inner join loads on ledger.load_id = loads.load_id
    where substring(ledger.account, 1, 1) not in ('1', '2')
)

select
    load_id,
    fiscal_year,
    account,
    sum(posted_sek) as posted_sek,
    sum(balance_sek) as balance_sek,
    'Konto ' || account || ': bokföringen ' || cast(fiscal_year as string)
    || ' summerar inte till filens eget resultat (#RES): exportera hela året igen.' as message
from compared
group by load_id, fiscal_year, account
having sum(posted_sek) <> sum(balance_sek)
