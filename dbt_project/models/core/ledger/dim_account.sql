with

-- Every account that has a name, a posting or a budget in the year.
used as (
    select
        fiscal_year,
        account
    from {{ ref('stg_ledger__accounts') }}
    where fiscal_year is not null
    union -- one row per account and year, whoever mentions it
    select
        fiscal_year,
        account
    from {{ ref('stg_ledger__postings') }}
    union
    select
        fiscal_year,
        account
    from {{ ref('stg_budget__lines') }}
    union
    select
        fiscal_year,
        account
    from {{ ref('stg_ledger__period_amounts') }}
    union
    select
        fiscal_year,
        account
    from {{ ref('stg_ledger__forecasts') }}
),

-- The name in the chart of the year, else of the nearest year after or before: a budget may precede its ledger. Last of
-- all the name in a chart that belongs to no year.
named as (
    select
        used.fiscal_year,
        used.account,
        charts.account_name,
        charts.account_type,
        substring(used.account, 1, 1) as account_class,
        substring(used.account, 1, 2) as account_group
    from used
    left join {{ ref('stg_ledger__accounts') }} as charts on used.account = charts.account
    qualify
        row_number() over (
            partition by used.fiscal_year, used.account
            order by
                abs(charts.fiscal_year - used.fiscal_year) asc nulls last,
                charts.fiscal_year desc nulls last,
                charts.load_id asc nulls last,
                charts.row_no desc nulls last
        ) = 1
),

-- The longest prefix that is valid in the year wins.
mapped as (
    select
        named.fiscal_year,
        named.account,
        map.line_code
    from named
    inner join {{ ref('statement_line_map') }} as map
        on
            named.account like map.account_prefix || '%'
            and named.fiscal_year between map.valid_from_year and map.valid_to_year
    qualify
        row_number() over (
            partition by named.fiscal_year, named.account
            order by length(map.account_prefix) desc, map.account_prefix asc, map.valid_from_year desc
        ) = 1
),

investment_accounts as (
    select
        named.fiscal_year,
        named.account,
        prefixes.is_investment
    from named
    inner join {{ ref('investment_account') }} as prefixes
        on
            named.account like prefixes.account_prefix || '%'
            and named.fiscal_year between prefixes.valid_from_year and prefixes.valid_to_year
    qualify
        row_number() over (
            partition by named.fiscal_year, named.account
            order by length(prefixes.account_prefix) desc, prefixes.account_prefix asc, prefixes.valid_from_year desc
        ) = 1
)

select
    named.account,
    named.fiscal_year,
    named.account_name,
    named.account_type,
    named.account_class,
    classes.class_name,
    named.account_group,
    account_groups.group_name,
    named.account_class not in ('1', '2') as is_result_account,
    coalesce(investment_accounts.is_investment, false) as is_investment,
    coalesce(configured.line_code, mapped.line_code) as line_code
from named
left join mapped
    on
        named.fiscal_year = mapped.fiscal_year
        and named.account = mapped.account
left join investment_accounts
    on
        named.fiscal_year = investment_accounts.fiscal_year
        and named.account = investment_accounts.account
left join {{ ref('stg_settings__account_lines') }} as configured on named.account = configured.account
left join {{ ref('kommun_bas_account_class') }} as classes
    on
        named.account_class = classes.account_class
        and named.fiscal_year between classes.valid_from_year and classes.valid_to_year
left join {{ ref('kommun_bas_account_group') }} as account_groups
    on
        named.account_group = account_groups.account_group
        and named.fiscal_year between account_groups.valid_from_year and account_groups.valid_to_year
order by named.account, named.fiscal_year
