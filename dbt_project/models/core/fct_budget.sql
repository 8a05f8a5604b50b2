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

-- An amount for the whole year is spread evenly: a twelfth in whole öre each month, the remainder in the last.
spread as (
    select
        lines.load_id,
        lines.row_no,
        lines.fiscal_year,
        coalesce(lines.period, lines.fiscal_year * 100 + months.month_no) as period,
        lines.budget_version,
        lines.unit_code,
        lines.account,
        lines.activity_code,
        lines.project_code,
        case
            when lines.period is not null then lines.amount_sek
            else {{ spread_evenly('lines.amount_sek', 'months.month_no', 12) }}
        end as amount_sek
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
        spread.*,
        coalesce(units.board_code, default_board.board_code) as board_code,
        case when spread.unit_code is null then 'ordinary' else units.segment_code end as segment_code
    from spread
    left join {{ ref('dim_period') }} as periods on spread.period = periods.period
    left join {{ ref('dim_org_unit') }} as units
        on
            spread.unit_code = units.unit_code
            and units.valid_from <= make_date(spread.fiscal_year, 12, 31)
            and units.valid_to >= make_date(spread.fiscal_year, 1, 1)
    left join default_board on spread.unit_code is null
    qualify
        row_number() over (
            partition by spread.load_id, spread.row_no, spread.period
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

-- The revised budget where the board has one for the year, else the original, else the one in the ledger.
chosen as (
    select
        *,
        case budget_version when 'revised' then 1 when 'original' then 2 else 3 end as preference
    from owned
    qualify preference = min(preference) over (partition by board_code, fiscal_year)
)

select
    chosen.load_id,
    chosen.row_no,
    chosen.fiscal_year,
    cast(chosen.period as integer) as period,
    chosen.budget_version,
    chosen.board_code,
    chosen.segment_code,
    chosen.unit_code,
    chosen.account,
    accounts.line_code,
    chosen.activity_code,
    chosen.project_code,
    cast(chosen.amount_sek as decimal(18, 2)) as amount_sek,
    cast(-chosen.amount_sek as decimal(18, 2)) as statement_amount_sek
from chosen
left join {{ ref('dim_account') }} as accounts
    on
        chosen.account = accounts.account
        and chosen.fiscal_year = accounts.fiscal_year
order by chosen.fiscal_year, chosen.load_id, chosen.row_no, chosen.period
