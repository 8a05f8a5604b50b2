{#- Catches a grain that is not one: a key that occurs twice, or that lacks a part not listed as `nullable`. -#}
{% test unique_combination(model, columns, nullable=[]) %}
    select
        {{ columns | join(', ') }},
        count(*) as row_count
    from {{ model }}
    group by {{ columns | join(', ') }}
    having
        count(*) > 1
        {% for column in columns if column not in nullable %}
        or {{ column }} is null
        {% endfor %}
{% endtest %}
