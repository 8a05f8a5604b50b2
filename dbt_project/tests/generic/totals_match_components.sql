{#- Catches a total line that is not the sum of its components, and a component that is missing, within each group. -#}
{% test totals_match_components(model, by, amounts) %}
    with components as (
        select
            map.line_code,
            {%- for column in by %}
                parts.{{ column }},
            {%- endfor %}
            {%- for column in amounts %}
                sum(parts.{{ column }}) as {{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ ref('statement_line_component') }} as map
        left join {{ model }} as parts on map.component_code = parts.line_code
        group by map.line_code, {% for column in by %}parts.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
    )

    select
        totals.line_code,
        {%- for column in by %}
            totals.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ model }} as totals
    left join components
        on
            totals.line_code = components.line_code
            {%- for column in by %}
                and totals.{{ column }} is not distinct from components.{{ column }}
            {%- endfor %}
    where
        totals.is_total
        and (
            {%- for column in amounts %}
                {{ 'or ' if not loop.first }}totals.{{ column }} is distinct from components.{{ column }}
            {%- endfor %}
        )
{% endtest %}
