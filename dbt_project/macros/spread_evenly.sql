{#- Part `part_no` of an amount in kronor cut in `parts` equal parts of whole öre; the last takes the remainder. -#}
{% macro spread_evenly(amount, part_no, parts) -%}
    {%- set ore = 'cast(' ~ amount ~ ' * 100 as bigint)' -%}
    {%- set share = whole_part(ore, parts) -%}
    {%- set remainder = ore ~ ' - ' ~ (parts - 1) ~ ' * ' ~ share -%}
    cast(case when {{ part_no }} < {{ parts }} then {{ share }} else {{ remainder }} end as decimal(18, 2)) * 0.01
{%- endmacro %}
