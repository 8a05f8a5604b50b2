with

dimensions as (
    select 'board' as dimension
    union all
    select 'sex' as dimension
    union all
    select 'age' as dimension
    union all
    select 'unit' as dimension
),

-- Sick leave is told by sex, age and unit; what permanents are like, by unit only.
members as (
    select
        persons.board_code,
        persons.fiscal_year,
        dimensions.dimension,
        case dimensions.dimension
            when 'board' then 'total'
            when 'sex' then persons.sex
            when 'age' then persons.age_group
            else persons.unit_code
        end as group_code,
        persons.person_key,
        sum(persons.ordinary_hours) as ordinary_hours,
        bool_or(persons.permanent_terms > 0) and dimensions.dimension in ('board', 'unit') as is_permanent,
        bool_or(persons.was_permanent or persons.left_unit) and dimensions.dimension in ('board', 'unit') as is_starter
    from {{ ref('hr_person_year') }} as persons
    cross join dimensions
    group by persons.board_code, persons.fiscal_year, dimensions.dimension, group_code, persons.person_key
),

sizes as (
    select
        board_code,
        fiscal_year,
        dimension,
        group_code,
        count_if(ordinary_hours > 0) as employees,
        count_if(is_permanent) as permanents,
        count_if(is_starter) as starters,
        sum(ordinary_hours) as ordinary_hours,
        max(ordinary_hours) as largest_hours
    from members
    group by board_code, fiscal_year, dimension, group_code
),

-- The limit may be raised, never lowered. Where a board has too few permanents, nothing is told of what they are like.
limited as (
    select
        sizes.*,
        greatest(staff.min_group_size, 10) as min_group_size,
        staff.min_employees_for_decimals,
        max(case when sizes.dimension = 'board' then sizes.employees end) over board as board_employees,
        max(case when sizes.dimension = 'board' then sizes.permanents end) over board as board_permanents,
        max(case when sizes.dimension = 'board' then sizes.starters end) over board as board_starters
    from sizes
    cross join {{ ref('stg_settings__staff') }} as staff
    window board as (partition by sizes.board_code, sizes.fiscal_year)
),

-- Small: as few employees as the limit, or one person with more than a sixth of the hours, or too few permanents.
judged as (
    select
        limited.*,
        limited.employees between 1 and limited.min_group_size
        or limited.largest_hours * 6 > limited.ordinary_hours
        or (limited.dimension = 'board' and limited.employees = 0 and limited.permanents <= limited.min_group_size)
        or (
            limited.dimension = 'unit'
            and limited.board_permanents > limited.min_group_size
            and limited.permanents between 1 and limited.min_group_size
        )
        or (
            limited.dimension = 'unit'
            and limited.board_starters > limited.min_group_size
            and limited.starters between 1 and limited.min_group_size
        ) as is_small,
        hidden.group_code is not null as was_hidden
    from limited
    left join {{ ref('stg_releases__mask') }} as hidden
        on
            limited.board_code = hidden.board_code
            and limited.fiscal_year = hidden.fiscal_year
            and limited.dimension = hidden.dimension
            and limited.group_code = hidden.group_code
),

-- The order in which groups are hidden: those that must, then those with fewest employees.
ordered as (
    select
        *,
        row_number() over (
            partition by board_code, fiscal_year, dimension
            order by case when is_small or was_hidden then 0 else 1 end asc, employees asc, group_code asc
        ) as order_no
    from judged
),

-- A person in two units is counted in the first of them.
placed as (
    select
        ordered.board_code,
        ordered.fiscal_year,
        ordered.dimension,
        ordered.order_no,
        min(case when members.ordinary_hours > 0 then ordered.order_no end) over person as first_as_employee,
        min(case when members.is_permanent then ordered.order_no end) over person as first_as_permanent,
        min(case when members.is_starter then ordered.order_no end) over person as first_as_starter
    from members
    inner join ordered
        on
            members.board_code = ordered.board_code
            and members.fiscal_year = ordered.fiscal_year
            and members.dimension = ordered.dimension
            and members.group_code = ordered.group_code
    window person as (partition by members.board_code, members.fiscal_year, members.dimension, members.person_key)
),

firsts as (
    select
        board_code,
        fiscal_year,
        dimension,
        order_no,
        count_if(coalesce(first_as_employee = order_no, false)) as new_employees,
        count_if(coalesce(first_as_permanent = order_no, false)) as new_permanents,
        count_if(coalesce(first_as_starter = order_no, false)) as new_starters
    from placed
    group by board_code, fiscal_year, dimension, order_no
),

-- What the groups up to this one hold together, each person once.
together as (
    select
        ordered.*,
        sum(firsts.new_employees) over preceding_groups as all_employees,
        sum(firsts.new_permanents) over preceding_groups as all_permanents,
        sum(firsts.new_starters) over preceding_groups as all_starters,
        max(ordered.permanents) over preceding_groups as most_permanents,
        max(ordered.starters) over preceding_groups as most_starters
    from ordered
    inner join firsts
        on
            ordered.board_code = firsts.board_code
            and ordered.fiscal_year = firsts.fiscal_year
            and ordered.dimension = firsts.dimension
            and ordered.order_no = firsts.order_no
    window preceding_groups as (
        partition by ordered.board_code, ordered.fiscal_year, ordered.dimension
        order by ordered.order_no
        rows between unbounded preceding and current row
    )
)

select
    board_code,
    fiscal_year,
    dimension,
    group_code,
    cast(employees as integer) as employees,
    cast(ordinary_hours as decimal(18, 2)) as ordinary_hours,
    is_small,
    was_hidden,
    cast(order_no as integer) as order_no,
    order_no > 1
    and (all_employees = 0 or all_employees > min_group_size)
    and (
        all_permanents = 0
        or board_permanents <= min_group_size
        or (all_permanents > min_group_size and all_permanents > most_permanents)
    )
    and (
        all_starters = 0
        or board_starters <= min_group_size
        or (all_starters > min_group_size and all_starters > most_starters)
    ) as is_enough,
    cast(min_group_size as integer) as min_group_size,
    -- Units are many and small: with decimals, two nights would tell of who has joined one of them.
    dimension = 'unit' or board_employees < min_employees_for_decimals as is_whole
from together
order by board_code, fiscal_year, dimension, order_no
