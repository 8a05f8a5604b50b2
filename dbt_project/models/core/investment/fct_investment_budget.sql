with

owned as (
    select
        lines.*,
        projects.node_code,
        coalesce(projects.board_code, lines.board_code) as owner_board_code
    from {{ ref('stg_investment_budget__lines') }} as lines
    left join {{ ref('dim_project') }} as projects
        on
            lines.project_code = projects.node_code
            and lines.fiscal_year = projects.fiscal_year
),

-- The revised budget where the board has one for the year, else the original; what is carried over comes on top.
chosen as (
    select *
    from owned
    qualify
        budget_version <> 'original'
        or not bool_or(budget_version = 'revised') over (partition by owner_board_code, fiscal_year)
)

select
    load_id,
    row_no,
    fiscal_year,
    budget_version,
    owner_board_code as board_code,
    project_code,
    node_code,
    amount_sek
from chosen
order by fiscal_year, load_id, row_no
