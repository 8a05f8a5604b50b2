{#-
    Catches a figure that is withheld and still there, one that lacks a value without being withheld, and one withheld
    without a reason.

    values: columns that are empty exactly where the row is suppressed. more: columns that may be empty elsewhere too.
-#}
{% test suppressed_is_empty(model, values=[], more=[]) %}
    select *
    from {{ model }}
    where
        is_suppressed <> (suppression_reason is not null)
        {% for column in values %}
        or is_suppressed <> ({{ column }} is null)
        {% endfor %}
{% for column in more %}
        or (is_suppressed and {{ column }} is not null)
        {% endfor %}
{% endtest %}
