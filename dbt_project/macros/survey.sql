{#-
    When answers are too few to be told. Here because a group, and all hidden groups together, are held to one rule.
-#}

{#- The number of equally weighted answers that would tell as much: it falls where a few weigh most. -#}
{% macro effective_answers(weight_sum, weight_square_sum) -%}
    cast(
        cast({{ weight_sum }} as double) * cast({{ weight_sum }} as double)
        / nullif(cast({{ weight_square_sum }} as double), 0) as decimal(18, 6)
    )
{%- endmacro %}


{#- Below the limit; or below twice the limit where all answered alike, so that the figure is everybody's answer. -#}
{% macro too_few(answers, effective, lowest, highest, limit='min_answers') -%}
    (
        {{ answers }} < {{ limit }}
        or {{ effective }} < {{ limit }}
        or ({{ lowest }} = {{ highest }} and {{ answers }} < 2 * {{ limit }})
    )
{%- endmacro %}
