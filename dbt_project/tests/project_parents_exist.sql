{#- Catches a node outside the tree: its parent is not in the register, or is another board's. It is put at the top. -#}
{{ config(severity='warn') }}

select
    nodes.node_code,
    nodes.parent_code,
    'Nod ' || nodes.node_code || ' har överordnad nod ' || nodes.parent_code
    || case
        when parents.node_code is null then ', som inte finns'
        else ', som hör till nämnd ' || parents.board_code
    end || ': rätta i projektregistret.' as message
from {{ ref('stg_project__nodes') }} as nodes
left join {{ ref('stg_project__nodes') }} as parents
    on
        nodes.parent_code = parents.node_code
        and nodes.load_id = parents.load_id
where nodes.parent_code is not null
group by nodes.node_code, nodes.parent_code, nodes.board_code, parents.node_code, parents.board_code
having not bool_or(coalesce(nodes.board_code = parents.board_code, false))
