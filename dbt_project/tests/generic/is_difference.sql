{#- Catches a difference that is not its first term minus its second, or that has a value where a term has none. -#}
{% test is_difference(model, column_name, minuend, subtrahend) %}
    select
        {{ column_name }},
        {{ minuend }},
        {{ subtrahend }}
    from {{ model }}
    where {{ column_name }} is distinct from {{ minuend }} - {{ subtrahend }}
{% endtest %}
