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
