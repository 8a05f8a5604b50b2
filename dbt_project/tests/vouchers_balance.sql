{#-
    Catches a voucher that lost a row: its postings no longer sum to zero. Ledgers without a single balance account
    (exports of classes 3 to 8 only) are not expected to balance.
-#}
with

postings as (
    select
        *,
        count_if(substring(account, 1, 1) in ('1', '2')) over (partition by load_id) as balance_postings
    from {{ ref('fct_ledger') }}
)

select
    load_id,
    voucher_row_no,
    voucher_series,
    voucher_no,
    sum(amount_sek) as amount_sek,
    'Verifikat ' || coalesce(voucher_series, '') || ' ' || coalesce(voucher_no, '')
    || ' summerar inte till 0: rätta i ekonomisystemet och exportera igen.' as message
from postings
where balance_postings > 0
group by load_id, voucher_row_no, voucher_series, voucher_no
having sum(amount_sek) <> 0
