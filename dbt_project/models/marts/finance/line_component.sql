select
    components.line_code,
    lines.line_name,
    components.component_code,
    parts.line_name as component_name
from {{ ref('statement_line_component') }} as components
inner join {{ ref('statement_line') }} as lines on components.line_code = lines.line_code
inner join {{ ref('statement_line') }} as parts on components.component_code = parts.line_code
order by lines.line_no, parts.line_no
