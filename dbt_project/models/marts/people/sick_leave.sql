with

breakdowns as (
    select
        'total' as breakdown,
        'board' as dimension,
        1 as sort_no
    union all
    select
        'sex' as breakdown,
        'sex' as dimension,
        2 as sort_no
    union all
    select
        'age' as breakdown,
        'age' as dimension,
        3 as sort_no
),

summed as (
    select
        sums.board_code,
        sums.fiscal_year,
        breakdowns.sort_no,
        breakdowns.breakdown,
        breakdowns.dimension,
        case breakdowns.breakdown
            when 'total' then 'total'
            when 'sex' then sums.sex
            else sums.age_group
        end as group_code,
        sum(sums.ordinary_hours) as ordinary_hours,
        sum(sums.sick_hours) as sick_hours,
        sum(sums.sick_hours_day_1_14) as sick_hours_day_1_14,
        sum(sums.sick_hours_day_15_59) as sick_hours_day_15_59,
        sum(sums.sick_hours_day_60_and_over) as sick_hours_day_60_and_over,
        sum(sums.long_sick_hours) as long_sick_hours
    from {{ ref('fct_sick_leave') }} as sums
    cross join breakdowns
    group by
        sums.board_code,
        sums.fiscal_year,
        breakdowns.sort_no,
        breakdowns.breakdown,
        breakdowns.dimension,
        group_code
),

-- The day bands are parts of the board's ordinary hours; what the law asks for is a part of its sick hours.
shares as (
    select
        board_code,
        fiscal_year,
        sort_no,
        breakdown,
        dimension,
        group_code,
        group_code as mask_code,
        {{ share('sick_hours * 100', 'ordinary_hours') }} as sick_leave_pct
    from summed
    {% for band in ('day_1_14', 'day_15_59', 'day_60_and_over') %}
    union all
    select
        board_code,
        fiscal_year,
        {{ 3 + loop.index }} as sort_no,
        'length' as breakdown,
        'board' as dimension,
        '{{ band }}' as group_code,
        'total' as mask_code,
        {{ share('sick_hours_' ~ band ~ ' * 100', 'ordinary_hours') }} as sick_leave_pct
    from summed
    where breakdown = 'total'
    {% endfor %}
    union all
    select
        board_code,
        fiscal_year,
        7 as sort_no,
        'statutory_60' as breakdown,
        'board' as dimension,
        'day_60_and_over' as group_code,
        'total' as mask_code,
        {{ share('long_sick_hours * 100', 'sick_hours') }} as sick_leave_pct
    from summed
    where breakdown = 'total'
),

masked as (
    select
        shares.*,
        mask.is_suppressed,
        case when sizes.is_whole then 0 else 1 end as decimals,
        case when not mask.is_suppressed then sizes.employees end as shown_employees,
        case when not mask.is_suppressed then shares.sick_leave_pct end as shown_pct
    from shares
    inner join {{ ref('disclosure_mask') }} as mask
        on
            shares.board_code = mask.board_code
            and shares.fiscal_year = mask.year
            and shares.dimension = mask.dimension
            and shares.mask_code = mask.group_code
    inner join {{ ref('disclosure_group') }} as sizes
        on
            shares.board_code = sizes.board_code
            and shares.fiscal_year = sizes.fiscal_year
            and shares.dimension = sizes.dimension
            and shares.mask_code = sizes.group_code
)

select
    this_year.board_code,
    boards.board_name,
    this_year.fiscal_year as year,
    this_year.breakdown,
    this_year.group_code,
    this_year.shown_employees as employees,
    {{ as_published('this_year.shown_pct', 'this_year.decimals') }} as sick_leave_pct,
    {{ as_published('year_before.shown_pct', 'this_year.decimals') }} as prior_sick_leave_pct,
    {{ as_published('this_year.shown_pct - year_before.shown_pct', 'this_year.decimals') }} as difference_pp,
    this_year.is_suppressed,
    {{ suppression_reason('this_year.is_suppressed') }} as suppression_reason
from masked as this_year
left join masked as year_before
    on
        this_year.board_code = year_before.board_code
        and this_year.fiscal_year = year_before.fiscal_year + 1
        and this_year.breakdown = year_before.breakdown
        and this_year.group_code = year_before.group_code
left join {{ ref('dim_board') }} as boards on this_year.board_code = boards.board_code
order by this_year.board_code asc, this_year.fiscal_year asc, this_year.sort_no asc, this_year.group_code desc
