{#- Schemas are named exactly as configured: staging, core, marts; dbt would otherwise prefix them. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
