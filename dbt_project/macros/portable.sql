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


{#- One row per number, 1 to `last`, in column `number` of `numbers`. -#}
{% macro numbers(last) -%}
    range(1, {{ last + 1 }}) as numbers (number)
{%- endmacro %}


{#- `amount * part / total` of integers, its whole part towards zero, however large the product. -#}
{% macro whole_share(amount, part, total) -%}
    cast(cast({{ amount }} as hugeint) * ({{ part }}) // ({{ total }}) as bigint)
{%- endmacro %}


{#- The texts of a group, sorted, with `; ` between; null when there are none. -#}
{% macro text_list(text, distinct=false) -%}
    string_agg({{ 'distinct ' if distinct }}{{ text }}, '; ' order by {{ text }})
{%- endmacro %}


{#- A day as a number that grows by one each day; 1900-01-01, a Monday, is 0. -#}
{% macro day_number(day) -%}
    (({{ day }}) - date '1900-01-01')
{%- endmacro %}


{#- How many Mondays to Fridays there have been from 1900-01-01 to the day, both within. -#}
{% macro weekdays_through(day) -%}
    ({{ whole_part(day_number(day), 7) }} * 5 + least({{ day_number(day) }} % 7 + 1, 5))
{%- endmacro %}
