{#-
    Catches a difference that is not its first term minus its second, or that has a value where a term has none.

    terms: each difference with its two columns.
-#}
{% test differences(model, terms) %}
    select *
    from {{ model }}
    where
        {% for difference, columns in terms.items() %}
        {{ 'or ' if not loop.first }}{{ difference }} is distinct from {{ columns | join(' - ') }}
        {% endfor %}
{% endtest %}
