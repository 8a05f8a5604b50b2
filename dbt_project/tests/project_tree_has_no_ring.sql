{#- Catches nodes that are each other's parents: nothing above them would hold what is posted on them. -#}
select
    fiscal_year,
    node_code,
    'Nod ' || node_code || ' ligger i en ring: den är underordnad sig själv via ' || parent_code
    || '. Rätta överordnad nod i projektregistret.' as message
from {{ ref('dim_project') }}
where node_path is null
