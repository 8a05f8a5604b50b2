with

summed as (
    select
        board_code,
        unit_code,
        fiscal_year,
        sum(ordinary_hours) as ordinary_hours,
        sum(sick_hours) as sick_hours
    from {{ ref('fct_sick_leave') }}
    group by board_code, unit_code, fiscal_year
),

masked as (
    select
        summed.board_code,
        summed.unit_code,
        summed.fiscal_year,
        mask.is_suppressed,
        case when not mask.is_suppressed then sizes.employees end as shown_employees,
        case
            when not mask.is_suppressed
                then {{ share('summed.sick_hours * 100', 'summed.ordinary_hours') }}
        end as shown_pct
    from summed
    inner join {{ ref('disclosure_mask') }} as mask
        on
            summed.board_code = mask.board_code
            and summed.fiscal_year = mask.year
            and summed.unit_code = mask.group_code
            and mask.dimension = 'unit'
    inner join {{ ref('disclosure_group') }} as sizes
        on
            summed.board_code = sizes.board_code
            and summed.fiscal_year = sizes.fiscal_year
            and summed.unit_code = sizes.group_code
            and sizes.dimension = 'unit'
)

select
    this_year.board_code,
    boards.board_name,
    this_year.unit_code,
    unit_years.unit_name,
    this_year.fiscal_year as year,
    this_year.shown_employees as employees,
    {{ as_published('this_year.shown_pct', 0) }} as sick_leave_pct,
    {{ as_published('year_before.shown_pct', 0) }} as prior_sick_leave_pct,
    {{ as_published('this_year.shown_pct - year_before.shown_pct', 0) }} as difference_pp,
    this_year.is_suppressed,
    {{ suppression_reason('this_year.is_suppressed') }} as suppression_reason
from masked as this_year
left join masked as year_before
    on
        this_year.board_code = year_before.board_code
        and this_year.unit_code = year_before.unit_code
        and this_year.fiscal_year = year_before.fiscal_year + 1
left join {{ ref('dim_board') }} as boards on this_year.board_code = boards.board_code
left join {{ ref('dim_org_unit_year') }} as unit_years
    on
        this_year.unit_code = unit_years.unit_code
        and this_year.fiscal_year = unit_years.fiscal_year
order by this_year.board_code, this_year.unit_code, this_year.fiscal_year
