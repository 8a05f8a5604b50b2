{#- Catches investment budget lines on a project that is not in the register: they would be in no node of the tree. -#}
select
    fiscal_year,
    project_code,
    sum(amount_sek) as amount_sek,
    'Projekt ' || coalesce(project_code, '(tomt)') || ' har investeringsbudget ' || cast(fiscal_year as string)
    || ' men finns inte i projektregistret: lägg till det, eller rätta budgeten.' as message
from {{ ref('fct_investment_budget') }}
where node_code is null
group by fiscal_year, project_code
