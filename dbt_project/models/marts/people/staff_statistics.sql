with

-- Plain numbers of a board are shown whatever they are; what describes persons follows the mask and its own group.
judged as (
    select
        staff.*,
        measures.unit,
        case when measures.is_personal and sizes.is_whole then 0 else measures.decimals end as decimals,
        {{ share('staff.numerator', 'staff.denominator') }} as value,
        measures.is_personal
        and (mask.is_suppressed or staff.group_size between 1 and sizes.min_group_size) as is_suppressed
    from {{ ref('fct_staff') }} as staff
    inner join {{ ref('staff_measure') }} as measures on staff.measure_no = measures.measure_no
    inner join {{ ref('disclosure_mask') }} as mask
        on
            staff.board_code = mask.board_code
            and staff.fiscal_year = mask.year
            and mask.dimension = 'board'
    inner join {{ ref('disclosure_group') }} as sizes
        on
            staff.board_code = sizes.board_code
            and staff.fiscal_year = sizes.fiscal_year
            and sizes.dimension = 'board'
    where staff.unit_code is null
),

masked as (
    select
        *,
        case when not is_suppressed then value end as shown_value
    from judged
)

select
    this_year.board_code,
    boards.board_name,
    this_year.fiscal_year as year,
    this_year.measure_code,
    this_year.group_code,
    this_year.unit,
    {{ as_published('this_year.shown_value', 'this_year.decimals') }} as value,
    {{ as_published('year_before.shown_value', 'this_year.decimals') }} as prior_value,
    {{ as_published('this_year.shown_value - year_before.shown_value', 'this_year.decimals') }} as difference,
    this_year.is_suppressed,
    {{ suppression_reason('this_year.is_suppressed') }} as suppression_reason
from masked as this_year
left join masked as year_before
    on
        this_year.board_code = year_before.board_code
        and this_year.measure_no = year_before.measure_no
        and this_year.fiscal_year = year_before.fiscal_year + 1
left join {{ ref('dim_board') }} as boards on this_year.board_code = boards.board_code
order by this_year.board_code, this_year.fiscal_year, this_year.measure_no
