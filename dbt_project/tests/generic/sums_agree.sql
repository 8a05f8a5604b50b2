{#-
    Catches money lost, doubled or moved between two tables that tell the same amounts: to the öre, per group.

    by: the columns to compare per. amounts: the amounts of this table, each with its expression in the other.
    condition, other_condition: which rows to compare.
-#}
{% test sums_agree(model, other, by, amounts, condition='true', other_condition='true') %}
    with compared as (
        select
            {{ by | join(', ') }},
            {% for column in amounts %}
            {{ column }} as this_{{ loop.index }},
            0 as other_{{ loop.index }}{{ ',' if not loop.last }}
            {% endfor %}
        from {{ model }}
        where {{ condition }}
        union all
        select
            {{ by | join(', ') }},
            {% for expression in amounts.values() %}
            0 as this_{{ loop.index }},
            {{ expression }} as other_{{ loop.index }}{{ ',' if not loop.last }}
            {% endfor %}
        from {{ other }}
        where {{ other_condition }}
    )

    select
        {{ by | join(', ') }},
        {% for column in amounts %}
        coalesce(sum(this_{{ loop.index }}), 0) as this_{{ column }},
        coalesce(sum(other_{{ loop.index }}), 0) as other_{{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from compared
    group by {{ by | join(', ') }}
    having
        {% for column in amounts %}
        {{ 'or ' if not loop.first }}this_{{ column }} <> other_{{ column }}
        {% endfor %}
{% endtest %}
