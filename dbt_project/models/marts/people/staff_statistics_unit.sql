with

-- By unit everything follows the mask, plain numbers too.
judged as (
    select
        staff.*,
        measures.unit,
        case when measures.is_personal then 0 else measures.decimals end as decimals,
        {{ share('staff.numerator', 'staff.denominator') }} as value,
        mask.is_suppressed as is_hidden,
        mask.is_suppressed
        or (measures.is_personal and staff.group_size between 1 and sizes.min_group_size) as is_suppressed
    from {{ ref('fct_staff') }} as staff
    inner join {{ ref('staff_measure') }} as measures on staff.measure_no = measures.measure_no
    inner join {{ ref('disclosure_mask') }} as mask
        on
            staff.board_code = mask.board_code
            and staff.fiscal_year = mask.year
            and staff.unit_code = mask.group_code
            and mask.dimension = 'unit'
    inner join {{ ref('disclosure_group') }} as sizes
        on
            staff.board_code = sizes.board_code
            and staff.fiscal_year = sizes.fiscal_year
            and staff.unit_code = sizes.group_code
            and sizes.dimension = 'unit'
),

-- Where none or all have left the hidden units, each of them could be worked out: then no unit's turnover is shown.
guarded as (
    select
        *,
        sum(case when is_hidden and measure_code = 'turnover' then numerator else 0 end) over board as hidden_left_pct,
        sum(case when is_hidden and measure_code = 'turnover' then denominator else 0 end) over board as hidden_at_start
    from judged
    window board as (partition by board_code, fiscal_year)
),

suppressed as (
    select
        *,
        is_suppressed
        or (
            measure_code = 'turnover'
            and hidden_at_start > 0
            and not hidden_left_pct between hidden_at_start and hidden_at_start * 99
        ) as is_not_shown
    from guarded
),

masked as (
    select
        *,
        case when not is_not_shown then value end as shown_value
    from suppressed
)

select
    this_year.board_code,
    boards.board_name,
    this_year.unit_code,
    unit_years.unit_name,
    this_year.fiscal_year as year,
    this_year.measure_code,
    this_year.group_code,
    this_year.unit,
    {{ as_published('this_year.shown_value', 'this_year.decimals') }} as value,
    {{ as_published('year_before.shown_value', 'this_year.decimals') }} as prior_value,
    {{ as_published('this_year.shown_value - year_before.shown_value', 'this_year.decimals') }} as difference,
    this_year.is_not_shown as is_suppressed,
    {{ suppression_reason('this_year.is_not_shown') }} as suppression_reason
from masked as this_year
left join masked as year_before
    on
        this_year.board_code = year_before.board_code
        and this_year.unit_code = year_before.unit_code
        and this_year.measure_no = year_before.measure_no
        and this_year.fiscal_year = year_before.fiscal_year + 1
left join {{ ref('dim_board') }} as boards on this_year.board_code = boards.board_code
left join {{ ref('dim_org_unit_year') }} as unit_years
    on
        this_year.unit_code = unit_years.unit_code
        and this_year.fiscal_year = unit_years.fiscal_year
order by this_year.board_code, this_year.unit_code, this_year.fiscal_year, this_year.measure_no
