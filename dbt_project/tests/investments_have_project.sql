{#-
    Catches postings on investment accounts without a project, on one that is not in the register, or on one that was
    not valid that day. The first two are in no node of the tree. Silent until there is a project register.
-#}
{{ config(severity='warn') }}

with

postings as (
    select
        ledger.fiscal_year,
        ledger.account,
        ledger.project_code,
        ledger.amount_sek,
        nodes.node_code
    from {{ ref('fct_ledger') }} as ledger
    inner join {{ ref('dim_account') }} as accounts
        on
            ledger.account = accounts.account
            and ledger.fiscal_year = accounts.fiscal_year
            and accounts.is_investment
    left join {{ ref('stg_project__nodes') }} as nodes
        on
            ledger.project_code = nodes.node_code
            and ledger.voucher_date between coalesce(nodes.valid_from, date '1900-01-01')
            and coalesce(nodes.valid_to, date '9999-12-31')
    where exists (select 1 from {{ ref('stg_project__nodes') }})
)

select
    fiscal_year,
    account,
    project_code,
    sum(amount_sek) as amount_sek,
    count(*) as row_count,
    case
        when project_code is null
            then
                'Investeringskonto ' || account || ' har poster utan projekt ' || cast(fiscal_year as string)
                || ': rätta i ekonomisystemet och exportera igen.'
        else
            'Projekt ' || project_code || ' finns inte i projektregistret när det används '
            || cast(fiscal_year as string) || ': lägg till det, med rätt datum.'
    end as message
from postings
where node_code is null
group by fiscal_year, account, project_code
