{#- Catches a total line that is not the sum of its components within each group, as when one of them is missing. -#}
{% test totals_match_components(model, by, amounts) %}
    with components as (
        select
            map.line_code,
            parts.{{ by | join(', parts.') }},
            {% for column in amounts %}
            sum(parts.{{ column }}) as {{ column }}{{ ',' if not loop.last }}
            {% endfor %}
        from {{ ref('statement_line_component') }} as map
        inner join {{ model }} as parts on map.component_code = parts.line_code
        group by parts.{{ by | join(', parts.') }}, map.line_code
    )

    select
        totals.{{ by | join(', totals.') }},
        totals.line_code
    from {{ model }} as totals
    left join components
        on
            {% for column in by %}
            totals.{{ column }} is not distinct from components.{{ column }}
            and
            {% endfor %}
            totals.line_code = components.line_code
    where
        totals.is_total
        and (
            {% for column in amounts %}
            {{ 'or ' if not loop.first }}totals.{{ column }} is distinct from components.{{ column }}
            {% endfor %}
        )
{% endtest %}
