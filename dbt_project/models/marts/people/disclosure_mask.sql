with

-- What is given up when nothing less will do: nothing, units, also ages, also sexes. After that the board is hidden.
steps as (
    select
        0 as step,
        false as without_units,
        false as without_ages,
        false as without_sexes
    union all
    select
        1 as step,
        true as without_units,
        false as without_ages,
        false as without_sexes
    union all
    select
        2 as step,
        true as without_units,
        true as without_ages,
        false as without_sexes
    union all
    select
        3 as step,
        true as without_units,
        true as without_ages,
        true as without_sexes
),

sized as (
    select
        *,
        count_if(is_small or was_hidden) over (partition by board_code, fiscal_year, dimension) as must_hide,
        count_if(is_small) over (partition by board_code, fiscal_year, dimension) as small_count,
        count(*) over (partition by board_code, fiscal_year, dimension) as group_count
    from {{ ref('disclosure_group') }}
),

-- Dimensions with a group that must be hidden. How far to go in their order: to the last that must, or beyond. All may
-- be hidden where none is small: then it is only that a release has hidden them before.
candidates as (
    select
        sized.board_code,
        sized.fiscal_year,
        sized.dimension,
        steps.step,
        sized.order_no as reach,
        sized.is_enough,
        sized.small_count = 0 and sized.order_no = sized.group_count as is_harmless
    from sized
    inner join steps
        on
            sized.order_no = sized.group_count
            or case sized.dimension
                when 'unit' then not steps.without_units
                when 'age' then not steps.without_ages
                else not steps.without_sexes
            end
    where
        sized.dimension <> 'board'
        and sized.must_hide > 0
        and sized.order_no >= sized.must_hide
),

-- Each group cut up by what the other dimensions show at that step. Within such a cell no table tells groups apart.
cells as (
    select
        sick_leave.board_code,
        sick_leave.fiscal_year,
        groups.dimension,
        steps.step,
        groups.order_no,
        groups.is_small,
        case when groups.dimension <> 'sex' and not steps.without_sexes then sick_leave.sex end as cell_sex,
        case when groups.dimension <> 'age' and not steps.without_ages then sick_leave.age_group end as cell_age,
        case when groups.dimension <> 'unit' and not steps.without_units then sick_leave.unit_code end as cell_unit,
        cast(sum(sick_leave.ordinary_hours) as decimal(28, 6)) as ordinary_hours,
        cast(sum(sick_leave.sick_hours) as decimal(28, 6)) as sick_hours
    from {{ ref('fct_sick_leave') }} as sick_leave
    inner join sized as groups
        on
            sick_leave.board_code = groups.board_code
            and sick_leave.fiscal_year = groups.fiscal_year
            and groups.must_hide > 0
            and groups.group_code = case groups.dimension
                when 'sex' then sick_leave.sex
                when 'age' then sick_leave.age_group
                when 'unit' then sick_leave.unit_code
            end
    cross join steps
    group by
        sick_leave.board_code,
        sick_leave.fiscal_year,
        groups.dimension,
        steps.step,
        groups.order_no,
        groups.is_small,
        cell_sex,
        cell_age,
        cell_unit
),

hidden_cells as (
    select
        candidates.board_code,
        candidates.fiscal_year,
        candidates.dimension,
        candidates.step,
        candidates.reach,
        cells.order_no,
        cells.is_small,
        cells.ordinary_hours,
        cells.sick_hours,
        sum(cells.ordinary_hours) over cell as hidden_hours,
        sum(cells.sick_hours) over cell as hidden_sick_hours
    from candidates
    inner join cells
        on
            candidates.board_code = cells.board_code
            and candidates.fiscal_year = cells.fiscal_year
            and candidates.dimension = cells.dimension
            and candidates.step = cells.step
            and cells.order_no <= candidates.reach
    window cell as (
        partition by
            candidates.board_code,
            candidates.fiscal_year,
            candidates.dimension,
            candidates.step,
            candidates.reach,
            cells.cell_sex,
            cells.cell_age,
            cells.cell_unit
    )
),

-- How many of a group's sick hours could be another's: none would know, whatever they know of working time.
rooms as (
    select
        board_code,
        fiscal_year,
        dimension,
        step,
        reach,
        order_no,
        is_small,
        sum(ordinary_hours) as ordinary_hours,
        sum(sick_hours) as sick_hours,
        sum(
            least(
                ordinary_hours,
                hidden_sick_hours,
                hidden_hours - ordinary_hours,
                hidden_hours - hidden_sick_hours
            )
        ) as room_hours,
        row_number() over (
            partition by board_code, fiscal_year, dimension, step, reach
            order by sum(ordinary_hours) desc, order_no desc
        ) as size_no
    from hidden_cells
    group by board_code, fiscal_year, dimension, step, reach, order_no, is_small
),

-- Every hidden group has room for one percentage point, but the largest if it is not small; so have all together.
roomy as (
    select
        board_code,
        fiscal_year,
        dimension,
        step,
        reach,
        bool_and(room_hours * 100 >= ordinary_hours or (size_no = 1 and not is_small))
        and sum(sick_hours) * 100 between sum(ordinary_hours) and sum(ordinary_hours) * 99 as has_room
    from rooms
    group by board_code, fiscal_year, dimension, step, reach
),

-- The least that holds, in each dimension at each step.
held as (
    select
        candidates.board_code,
        candidates.fiscal_year,
        candidates.dimension,
        candidates.step,
        min(
            case
                when candidates.is_harmless or (candidates.is_enough and coalesce(roomy.has_room, true))
                    then candidates.reach
            end
        ) as reach
    from candidates
    left join roomy
        on
            candidates.board_code = roomy.board_code
            and candidates.fiscal_year = roomy.fiscal_year
            and candidates.dimension = roomy.dimension
            and candidates.step = roomy.step
            and candidates.reach = roomy.reach
    group by candidates.board_code, candidates.fiscal_year, candidates.dimension, candidates.step
),

possible_steps as (
    select
        board_code,
        fiscal_year,
        step
    from held
    group by board_code, fiscal_year, step
    having bool_and(reach is not null)
),

chosen as (
    select
        boards.board_code,
        boards.fiscal_year,
        boards.is_small
        or boards.was_hidden
        or (count(held.step) > 0 and count(possible_steps.step) = 0) as is_hidden,
        coalesce(min(possible_steps.step), 0) as step
    from sized as boards
    left join held
        on
            boards.board_code = held.board_code
            and boards.fiscal_year = held.fiscal_year
    left join possible_steps
        on
            held.board_code = possible_steps.board_code
            and held.fiscal_year = possible_steps.fiscal_year
    where boards.dimension = 'board'
    group by boards.board_code, boards.fiscal_year, boards.is_small, boards.was_hidden
),

masked as (
    select
        sized.board_code,
        sized.fiscal_year,
        sized.dimension,
        sized.group_code,
        chosen.is_hidden
        or coalesce(sized.order_no <= held.reach, false)
        or (sized.dimension = 'unit' and steps.without_units)
        or (sized.dimension = 'age' and steps.without_ages)
        or (sized.dimension = 'sex' and steps.without_sexes) as is_suppressed
    from sized
    inner join chosen
        on
            sized.board_code = chosen.board_code
            and sized.fiscal_year = chosen.fiscal_year
    inner join steps on chosen.step = steps.step
    left join held
        on
            sized.board_code = held.board_code
            and sized.fiscal_year = held.fiscal_year
            and sized.dimension = held.dimension
            and chosen.step = held.step
    union all
    -- What a release has hidden stays hidden, also if the group is gone today and comes back.
    select
        board_code,
        fiscal_year,
        dimension,
        group_code,
        true as is_suppressed
    from {{ ref('stg_releases__mask') }}
)

select
    board_code,
    fiscal_year as year,
    dimension,
    group_code,
    bool_or(is_suppressed) as is_suppressed
from masked
group by board_code, fiscal_year, dimension, group_code
order by board_code, fiscal_year, dimension, group_code
