{#-
    Catches a grain that is not one: a key that occurs twice, or that lacks a part not listed as `nullable`.

    message: what to say instead of the key, where the key names persons.
-#}
{% test unique_combination(model, columns, nullable=[], message=none) %}
    select
        {{ "'" ~ message ~ "' as message" if message else columns | join(', ') }},
        count(*) as row_count
    from {{ model }}
    group by {{ columns | join(', ') }}
    having
        count(*) > 1
        {% for column in columns if column not in nullable %}
        or {{ column }} is null
        {% endfor %}
{% endtest %}
