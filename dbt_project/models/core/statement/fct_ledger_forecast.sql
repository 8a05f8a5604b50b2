with

default_board as (
    select board_code
    from {{ ref('dim_board') }}
    where is_default
),

-- Whose the forecast is: the unit's board and segment on the first day of the round's month; where it was not there
-- that day, those of its last row in the register.
owned as (
    select
        forecasts.*,
        coalesce(units.board_code, default_board.board_code) as board_code,
        case when forecasts.unit_code is null then 'ordinary' else units.segment_code end as segment_code
    from {{ ref('stg_ledger__forecasts') }} as forecasts
    left join {{ ref('dim_org_unit') }} as units on forecasts.unit_code = units.unit_code
    left join default_board on forecasts.unit_code is null
    qualify
        row_number() over (
            partition by forecasts.load_id, forecasts.row_no
            order by
                case
                    when
                        make_date(forecasts.fiscal_year, forecasts.forecast_month, 1)
                        between units.valid_from and units.valid_to
                        then 0
                    else 1
                end,
                units.valid_from desc nulls last
        ) = 1
),

-- The rounds that have come as forecasts of their own: those hold, whatever the ledger says.
told as (
    select
        board_code,
        fiscal_year,
        forecast_month
    from {{ ref('stg_forecast__lines') }}
    group by board_code, fiscal_year, forecast_month
)

select
    owned.load_id,
    owned.fiscal_year,
    owned.forecast_month,
    case owned.forecast_month
        when 4 then 'Fördjupad månadsuppföljning'
        when 8 then 'Delårsbokslut'
        else 'Prognos månad ' || cast(owned.forecast_month as string)
    end as occasion_name,
    owned.reported_on,
    owned.board_code,
    owned.segment_code,
    accounts.line_code,
    cast(-sum(owned.amount_sek) as decimal(18, 2)) as statement_amount_sek
from owned
inner join {{ ref('dim_account') }} as accounts
    on
        owned.account = accounts.account
        and owned.fiscal_year = accounts.fiscal_year
left join told
    on
        owned.board_code = told.board_code
        and owned.fiscal_year = told.fiscal_year
        and owned.forecast_month = told.forecast_month
where
    told.board_code is null
    and accounts.line_code is not null
group by
    owned.load_id,
    owned.fiscal_year,
    owned.forecast_month,
    owned.reported_on,
    owned.board_code,
    owned.segment_code,
    accounts.line_code
