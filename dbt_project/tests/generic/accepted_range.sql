{#- Catches values below the least or above the greatest that can be true; null passes. -#}
{% test accepted_range(model, column, at_least=none, at_most=none) %}
    select {{ column }}
    from {{ model }}
    where
        {{ column }} < {{ at_least if at_least is not none else column }}
        or {{ column }} > {{ at_most if at_most is not none else column }}
{% endtest %}
