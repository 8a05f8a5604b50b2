{#- Catches a line that is not in the statement, or is one of its totals: what is put there would be in no sum. -#}
{% test is_base_line(model, column_name) %}
    select
        account,
        {{ column_name }},
        'Konto ' || account || ' är kopplat till ' || {{ column_name }} || ', som inte är en rad att koppla till: '
        || 'rätta i inställningarna.' as message
    from {{ model }}
    where
        {{ column_name }} is not null
        and {{ column_name }} not in (select line_code from {{ ref('statement_line') }} where not is_total)
{% endtest %}
