{#-
    What DuckDB and other engines write differently, one macro each. A second engine replaces this file and
    raw_views.sql; no model changes. Not here: anything that says what a figure means.
-#}

{#- The whole part of a quotient of integers, towards zero. -#}
{% macro whole_part(dividend, divisor) -%}
    (({{ dividend }}) // ({{ divisor }}))
{%- endmacro %}


{#- One row per month number, 1 to 12, in column `month_no`. -#}
{% macro month_numbers() -%}
    range(1, 13) as months (month_no)
{%- endmacro %}


{#- `amount * part / total` of integers, its whole part towards zero, however large the product. -#}
{% macro whole_share(amount, part, total) -%}
    cast(cast({{ amount }} as hugeint) * ({{ part }}) // ({{ total }}) as bigint)
{%- endmacro %}


{#- The texts of a group, sorted, with `; ` between; null when there are none. -#}
{% macro text_list(text) -%}
    string_agg({{ text }}, '; ' order by {{ text }})
{%- endmacro %}
