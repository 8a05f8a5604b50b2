with

-- A ledger may carry the budget (SIE #PBUDGET) both as a whole and per object: never add the two.
-- Rows that name a unit stand as they are; what is left of the whole stands without unit.
period_budgets as (
    select *
    from {{ ref('stg_ledger__period_amounts') }}
    where period_amount_kind = 'PBUDGET'
),

rest_without_unit as (
    select
        load_id,
        min(row_no) filter (where unit_code is null) as row_no,
        fiscal_year,
        period,
        account,
        case
            when count_if(not has_objects) > 0
                then
                    sum(amount_sek) filter (where not has_objects)
                    - coalesce(sum(amount_sek) filter (where unit_code is not null), 0)
            when count(unit_code) = 0 then sum(amount_sek)
            else 0
        end as amount_sek
    from period_budgets
    group by load_id, fiscal_year, period, account
),

lines as (
    select
        load_id,
        row_no,
        fiscal_year,
        period,
        budget_version,
        unit_code,
        account,
        activity_code,
        project_code,
        amount_sek
    from {{ ref('stg_budget__lines') }}
    union all
    select
        load_id,
        row_no,
        fiscal_year,
        period,
        'ledger' as budget_version,
        unit_code,
        account,
        activity_code,
        project_code,
        amount_sek
    from period_budgets
    where unit_code is not null
    union all
    select
        load_id,
        row_no,
        fiscal_year,
        period,
        'ledger' as budget_version,
        null as unit_code,
        account,
        null as activity_code,
        null as project_code,
        amount_sek
    from rest_without_unit
    where amount_sek <> 0
),

-- An amount for the whole year is one for each month; `month_no` is empty where the line names its period.
monthly as (
    select
        lines.*,
        months.month_no,
        coalesce(lines.period, lines.fiscal_year * 100 + months.month_no) as month_period,
        cast(lines.amount_sek * 100 as bigint) as line_ore
    from lines
    left join {{ month_numbers() }} on lines.period is null
),

default_board as (
    select board_code
    from {{ ref('dim_board') }}
    where is_default
),

-- The unit as it is on the first day of the period; in months before it was made or after it was closed,
-- as it is nearest in the same year, since a whole-year amount is spread over those months too.
owned as (
    select
        monthly.*,
        coalesce(units.board_code, default_board.board_code) as board_code,
        case when monthly.unit_code is null then 'ordinary' else units.segment_code end as segment_code
    from monthly
    left join {{ ref('dim_period') }} as periods on monthly.month_period = periods.period
    left join {{ ref('dim_org_unit') }} as units
        on
            monthly.unit_code = units.unit_code
            and units.valid_from <= make_date(monthly.fiscal_year, 12, 31)
            and units.valid_to >= make_date(monthly.fiscal_year, 1, 1)
    left join default_board on monthly.unit_code is null
    qualify
        row_number() over (
            partition by monthly.load_id, monthly.row_no, monthly.month_period
            order by
                case
                    when periods.starts_on between units.valid_from and units.valid_to then 0
                    when units.valid_from > periods.starts_on then 1
                    else 2
                end,
                case when units.valid_from > periods.starts_on then units.valid_from end asc nulls last,
                units.valid_to desc nulls last
        ) = 1
),

-- Accounts spread as the year before; the longest prefix that is valid in the year wins.
profiled_accounts as (
    select
        accounts.fiscal_year,
        accounts.account,
        accounts.line_code
    from {{ ref('dim_account') }} as accounts
    inner join {{ ref('budget_spread_rule') }} as rules
        on
            accounts.account like rules.account_prefix || '%'
            and accounts.fiscal_year between rules.valid_from_year and rules.valid_to_year
    qualify
        row_number() over (
            partition by accounts.fiscal_year, accounts.account
            order by length(rules.account_prefix) desc, rules.account_prefix asc, rules.valid_from_year desc
        ) = 1
        and rules.spread_rule = 'last_year_profile'
),

-- What each line of a board and segment came to per month of the year before, beside the whole year.
profiles as (
    select
        board_code,
        segment_code,
        line_code,
        fiscal_year + 1 as fiscal_year,
        period - fiscal_year * 100 as month_no,
        cast(sum(statement_amount_sek) * 100 as bigint) as month_ore,
        sum(cast(sum(statement_amount_sek) * 100 as bigint)) over (
            partition by board_code, segment_code, line_code, fiscal_year
        ) as year_ore
    from {{ ref('fct_ledger') }}
    where line_code is not null
    group by board_code, segment_code, line_code, fiscal_year, period
),

-- The owner on the first day of the year, or nearest to it, lends the profile: one profile per line of the budget.
profiled as (
    select
        owned.*,
        profiled_accounts.line_code as profile_line_code,
        first_value(owned.board_code) over line_months as profile_board_code,
        first_value(owned.segment_code) over line_months as profile_segment_code
    from owned
    left join profiled_accounts
        on
            owned.account = profiled_accounts.account
            and owned.fiscal_year = profiled_accounts.fiscal_year
    window line_months as (partition by owned.load_id, owned.row_no order by owned.month_period)
),

informed as (
    select
        profiled.*,
        coalesce(profiles.month_ore, 0) as profile_month_ore,
        nullif(max(profiles.year_ore) over (partition by profiled.load_id, profiled.row_no), 0) as profile_year_ore
    from profiled
    left join profiles
        on
            profiled.profile_board_code = profiles.board_code
            and profiled.profile_segment_code = profiles.segment_code
            and profiled.profile_line_code = profiles.line_code
            and profiled.fiscal_year = profiles.fiscal_year
            and profiled.month_no = profiles.month_no
),

-- A month's part in whole öre: its share of the year before, or a twelfth where that year has nothing to go by.
shared as (
    select
        *,
        case
            when month_no is null then line_ore
            when profile_year_ore is not null
                then {{ whole_share('line_ore', 'profile_month_ore', 'profile_year_ore') }}
            else {{ whole_part('line_ore', 12) }}
        end as month_ore
    from informed
),

-- The last month takes what the others leave, so that the year is the decided amount to the öre.
spread as (
    select
        *,
        case
            when month_no = 12 then line_ore - sum(month_ore) over (partition by load_id, row_no) + month_ore
            else month_ore
        end as spread_ore
    from shared
),

-- The revised budget where the board has one for the year, else the original, else the one in the ledger.
chosen as (
    select
        *,
        case budget_version when 'revised' then 1 when 'original' then 2 else 3 end as preference
    from spread
    qualify preference = min(preference) over (partition by board_code, fiscal_year)
)

select
    chosen.load_id,
    chosen.row_no,
    chosen.fiscal_year,
    cast(chosen.month_period as integer) as period,
    chosen.budget_version,
    chosen.board_code,
    chosen.segment_code,
    chosen.unit_code,
    chosen.account,
    accounts.line_code,
    chosen.activity_code,
    chosen.project_code,
    cast(chosen.spread_ore * 0.01 as decimal(18, 2)) as amount_sek,
    cast(-chosen.spread_ore * 0.01 as decimal(18, 2)) as statement_amount_sek
from chosen
left join {{ ref('dim_account') }} as accounts
    on
        chosen.account = accounts.account
        and chosen.fiscal_year = accounts.fiscal_year
order by chosen.fiscal_year, chosen.load_id, chosen.row_no, chosen.month_period
