with

amounts as (
    select
        fiscal_year,
        node_code,
        amount_sek as budget_sek,
        0 as outcome_sek
    from {{ ref('fct_investment_budget') }}
    union all
    select
        fiscal_year,
        node_code,
        0 as budget_sek,
        amount_sek as outcome_sek
    from {{ ref('fct_investment') }}
),

-- Every node has what is on itself and on all below it.
by_node as (
    select
        nodes.fiscal_year,
        nodes.board_code,
        nodes.node_code,
        nodes.parent_code,
        sum(amounts.budget_sek) as budget_sek,
        sum(amounts.outcome_sek) as outcome_sek
    from amounts
    inner join {{ ref('bridge_project_ancestor') }} as ancestors
        on
            amounts.fiscal_year = ancestors.fiscal_year
            and amounts.node_code = ancestors.node_code
    inner join {{ ref('dim_project') }} as nodes
        on
            ancestors.fiscal_year = nodes.fiscal_year
            and ancestors.ancestor_code = nodes.node_code
    group by nodes.fiscal_year, nodes.board_code, nodes.node_code, nodes.parent_code
),

with_total as (
    select
        fiscal_year,
        board_code,
        node_code,
        budget_sek,
        outcome_sek
    from by_node
    union all
    select
        fiscal_year,
        board_code,
        'total' as node_code,
        sum(budget_sek) as budget_sek,
        sum(outcome_sek) as outcome_sek
    from by_node
    where parent_code is null
    group by fiscal_year, board_code
),

-- The outcome is next year's prior too: of the node and board, and with the tree, as they were then.
figures as (
    select
        fiscal_year,
        board_code,
        node_code,
        budget_sek,
        outcome_sek,
        0 as prior_outcome_sek
    from with_total
    union all
    select
        fiscal_year + 1 as fiscal_year,
        board_code,
        node_code,
        0 as budget_sek,
        0 as outcome_sek,
        outcome_sek as prior_outcome_sek
    from with_total
),

summed as (
    select
        fiscal_year,
        board_code,
        node_code,
        sum(budget_sek) as budget_sek,
        sum(outcome_sek) as outcome_sek,
        sum(prior_outcome_sek) as prior_outcome_sek
    from figures
    group by fiscal_year, board_code, node_code
),

-- A node is shown if it was valid some day in the year or has amounts, and then so are all above it.
present as (
    select
        fiscal_year,
        node_code
    from {{ ref('dim_project') }}
    where is_valid
    union -- one row per node and year, for whichever reason
    select
        fiscal_year,
        node_code
    from summed
),

shown as (
    select
        ancestors.fiscal_year,
        ancestors.ancestor_code as node_code
    from present
    inner join {{ ref('bridge_project_ancestor') }} as ancestors
        on
            present.fiscal_year = ancestors.fiscal_year
            and present.node_code = ancestors.node_code
    group by ancestors.fiscal_year, ancestors.ancestor_code
),

tree as (
    select
        nodes.fiscal_year,
        nodes.board_code,
        nodes.level,
        nodes.node_code,
        coalesce(nodes.parent_code, 'total') as parent_code,
        nodes.node_name,
        nodes.sort_path
    from shown
    inner join {{ ref('dim_project') }} as nodes
        on
            shown.fiscal_year = nodes.fiscal_year
            and shown.node_code = nodes.node_code
    union all
    select
        nodes.fiscal_year,
        nodes.board_code,
        'total' as level,
        'total' as node_code,
        null as parent_code,
        'Totala utgifter' as node_name,
        null as sort_path
    from shown
    inner join {{ ref('dim_project') }} as nodes
        on
            shown.fiscal_year = nodes.fiscal_year
            and shown.node_code = nodes.node_code
    group by nodes.fiscal_year, nodes.board_code
),

years as (
    select
        fiscal_year,
        bool_or(has_prior_ledger) as has_prior_ledger
    from {{ ref('dim_period') }}
    group by fiscal_year
),

filled as (
    select
        tree.*,
        row_number() over (
            partition by tree.board_code, tree.fiscal_year
            order by tree.sort_path nulls last
        ) as sort_no,
        coalesce(summed.budget_sek, 0) as budget_sek,
        coalesce(summed.outcome_sek, 0) as outcome_sek,
        case when years.has_prior_ledger then coalesce(summed.prior_outcome_sek, 0) end as prior_outcome_sek
    from tree
    left join summed
        on
            tree.fiscal_year = summed.fiscal_year
            and tree.board_code = summed.board_code
            and tree.node_code = summed.node_code
    left join years on tree.fiscal_year = years.fiscal_year
)

select
    filled.board_code,
    boards.board_name,
    filled.fiscal_year,
    cast(filled.sort_no as integer) as sort_no,
    filled.level,
    filled.node_code,
    filled.parent_code,
    filled.node_name,
    cast(filled.budget_sek as decimal(18, 2)) as budget_sek,
    cast(filled.outcome_sek as decimal(18, 2)) as outcome_sek,
    cast(filled.budget_sek - filled.outcome_sek as decimal(18, 2)) as deviation_sek,
    cast(filled.prior_outcome_sek as decimal(18, 2)) as prior_outcome_sek,
    cast(filled.outcome_sek - filled.prior_outcome_sek as decimal(18, 2)) as change_sek
from filled
left join {{ ref('dim_board') }} as boards on filled.board_code = boards.board_code
order by filled.board_code, filled.fiscal_year, filled.sort_no
