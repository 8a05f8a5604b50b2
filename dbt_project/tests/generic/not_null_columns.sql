{#- Catches rows that lack a value their readers rely on. Several columns in one test: each test costs a query. -#}
{% test not_null_columns(model, columns) %}
    select {{ columns | join(', ') }}
    from {{ model }}
    where {{ columns | join(' is null or ') }} is null
{% endtest %}
