with recursive

nodes as (
    select
        fiscal_year,
        node_code,
        parent_code
    from {{ ref('dim_project') }}
    where node_path is not null
),

ancestry as (
    select
        fiscal_year,
        node_code,
        node_code as ancestor_code,
        0 as distance
    from nodes
    union all
    select
        ancestry.fiscal_year,
        ancestry.node_code,
        nodes.parent_code as ancestor_code,
        ancestry.distance + 1 as distance
    from ancestry
    inner join nodes
        on
            ancestry.fiscal_year = nodes.fiscal_year
            and ancestry.ancestor_code = nodes.node_code
    where nodes.parent_code is not null
)

select
    fiscal_year,
    node_code,
    ancestor_code,
    cast(distance as integer) as distance
from ancestry
order by fiscal_year, node_code, distance
