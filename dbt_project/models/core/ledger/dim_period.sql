with

years as (
    select
        fiscal_year,
        true as has_ledger
    from {{ ref('stg_ledger__postings') }}
    where is_counted
    union all
    select
        fiscal_year,
        false as has_ledger
    from {{ ref('stg_budget__lines') }}
    union all
    select
        fiscal_year,
        false as has_ledger
    from {{ ref('stg_ledger__period_amounts') }}
    where period_amount_kind = 'PBUDGET'
    union all
    select
        fiscal_year,
        false as has_ledger
    from {{ ref('stg_investment_budget__lines') }}
),

fiscal_years as (
    select
        fiscal_year,
        bool_or(has_ledger) as has_ledger
    from years
    group by fiscal_year
)

select
    cast(this_year.fiscal_year * 100 + months.month_no as integer) as period,
    this_year.fiscal_year,
    cast(months.month_no as integer) as month_no,
    make_date(this_year.fiscal_year, months.month_no, 1) as starts_on,
    last_day(make_date(this_year.fiscal_year, months.month_no, 1)) as ends_on,
    this_year.has_ledger,
    coalesce(year_before.has_ledger, false) as has_prior_ledger
from fiscal_years as this_year
left join fiscal_years as year_before on this_year.fiscal_year = year_before.fiscal_year + 1
cross join {{ month_numbers() }}
order by this_year.fiscal_year, months.month_no
