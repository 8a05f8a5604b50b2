{#- Part `part_no` of an amount in kronor cut in equal whole öre, the last part taking the remainder. -#}
{% macro spread_evenly(amount, part_no, parts) -%}
    {%- set ore = 'cast(' ~ amount ~ ' * 100 as bigint)' -%}
    {%- set share = whole_part(ore, parts) -%}
    cast(case when {{ part_no }} < {{ parts }} then {{ share }} else {{ ore }} - {{ parts - 1 }} * {{ share }} end as decimal(18, 2)) * 0.01
{%- endmacro %}
