with

kinds as (
    select 'work_injury' as kind
    union all
    select 'near_miss' as kind
),

-- What is on no unit belongs to the default board.
owned as (
    select
        coalesce(units.board_code, boards.board_code) as board_code,
        incidents.fiscal_year,
        incidents.kind
    from {{ ref('stg_hr__incidents') }} as incidents
    left join {{ ref('dim_org_unit') }} as units
        on
            incidents.unit_code = units.unit_code
            and incidents.happened_on between units.valid_from and units.valid_to
    left join {{ ref('dim_board') }} as boards
        on
            units.board_code is null
            and boards.is_default
),

years as (
    select fiscal_year
    from owned
    group by fiscal_year
),

-- Every board with staff or an incident in a year that is reported has its rows, at zero where nothing happened.
board_years as (
    select
        staff.board_code,
        staff.fiscal_year
    from {{ ref('fct_staff') }} as staff
    inner join years on staff.fiscal_year = years.fiscal_year
    union -- one row per board and year, for whichever reason
    select
        board_code,
        fiscal_year
    from owned
),

counted as (
    select
        board_years.board_code,
        board_years.fiscal_year,
        kinds.kind,
        count(owned.kind) as incidents
    from board_years
    cross join kinds
    left join owned
        on
            board_years.board_code = owned.board_code
            and board_years.fiscal_year = owned.fiscal_year
            and kinds.kind = owned.kind
    group by board_years.board_code, board_years.fiscal_year, kinds.kind
)

select
    this_year.board_code,
    boards.board_name,
    this_year.fiscal_year as year,
    this_year.kind,
    cast(this_year.incidents as integer) as incidents,
    cast(year_before.incidents as integer) as prior_incidents,
    cast(this_year.incidents - year_before.incidents as integer) as difference
from counted as this_year
left join counted as year_before
    on
        this_year.board_code = year_before.board_code
        and this_year.fiscal_year = year_before.fiscal_year + 1
        and this_year.kind = year_before.kind
left join {{ ref('dim_board') }} as boards on this_year.board_code = boards.board_code
order by this_year.board_code asc, this_year.fiscal_year asc, this_year.kind desc
