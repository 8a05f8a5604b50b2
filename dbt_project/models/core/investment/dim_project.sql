with recursive

nodes as (
    select
        row_no,
        node_code,
        node_name,
        parent_code,
        level,
        board_code,
        sort_no,
        coalesce(valid_from, date '1900-01-01') as valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from {{ ref('stg_project__nodes') }}
),

years as (
    select
        fiscal_year,
        make_date(fiscal_year, 1, 1) as starts_on,
        make_date(fiscal_year, 12, 31) as ends_on
    from {{ ref('dim_period') }}
    group by fiscal_year
),

-- Each node as it was last in the year; one that was not valid then, as it is nearest before, else after: a project
-- may be posted on when it has expired.
in_year as (
    select
        years.fiscal_year,
        nodes.*,
        nodes.valid_from <= years.ends_on and nodes.valid_to >= years.starts_on as is_valid
    from nodes
    cross join years
    qualify
        row_number() over (
            partition by years.fiscal_year, nodes.node_code
            order by
                case
                    when nodes.valid_from > years.ends_on then 3
                    when nodes.valid_to < years.starts_on then 2
                    else 1
                end,
                case when nodes.valid_from > years.ends_on then nodes.valid_from end asc nulls last,
                nodes.valid_from desc,
                nodes.row_no desc
        ) = 1
),

-- A node whose parent is not in the register is at the top; a test names it.
placed as (
    select
        in_year.*,
        parents.node_code as placed_under,
        lpad(
            cast(
                row_number() over (
                    partition by in_year.fiscal_year, parents.node_code
                    order by in_year.board_code, in_year.sort_no nulls last, in_year.node_name, in_year.node_code
                ) as string
            ),
            6,
            '0'
        ) as place
    from in_year
    left join in_year as parents
        on
            in_year.fiscal_year = parents.fiscal_year
            and in_year.parent_code = parents.node_code
),

paths as (
    select
        fiscal_year,
        node_code,
        node_code as node_path,
        place as sort_path
    from placed
    where placed_under is null
    union all
    select
        placed.fiscal_year,
        placed.node_code,
        paths.node_path || ' / ' || placed.node_code as node_path,
        paths.sort_path || '.' || placed.place as sort_path
    from placed
    inner join paths
        on
            placed.fiscal_year = paths.fiscal_year
            and placed.placed_under = paths.node_code
)

-- Nodes that are each other's parents are never reached from the top and get no path; a test names them.
select
    placed.fiscal_year,
    placed.node_code,
    placed.node_name,
    placed.placed_under as parent_code,
    placed.level,
    placed.board_code,
    placed.valid_from,
    placed.valid_to,
    placed.is_valid,
    paths.node_path,
    paths.sort_path
from placed
left join paths
    on
        placed.fiscal_year = paths.fiscal_year
        and placed.node_code = paths.node_code
order by placed.fiscal_year, placed.node_code
