{#- Catches rows that lack a value their readers rely on; one test for several columns, since each test costs a query. -#}
{% test not_null_columns(model, columns) %}
    select {{ columns | join(', ') }}
    from {{ model }}
    where
        {%- for column in columns %}
            {{ 'or ' if not loop.first }}{{ column }} is null
        {%- endfor %}
{% endtest %}
