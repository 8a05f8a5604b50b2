{#-
    The condition that keeps a delivered row: its delivery is the current one for its year, and it is not quarantined.

    alias: the alias of the raw table in the query. table_name: its name in the quarantine. fiscal_year: the expression
    that gives the row's year; 0, the default, is for registers that belong to no year; none when any year will do.
-#}
{% macro is_current(alias, table_name, fiscal_year='0') -%}
    exists (
        select 1
        from {{ source('deliveries', 'deliveries__current') }} as current_deliveries
        where
            current_deliveries.load_id = {{ alias }}.load_id
            {%- if fiscal_year is not none %}
            and current_deliveries.fiscal_year = {{ fiscal_year }}
            {%- endif %}
    )
    and not exists (
        select 1
        from {{ source('deliveries', 'quarantine__rows') }} as quarantined
        where
            quarantined.load_id = {{ alias }}.load_id
            and quarantined.table_name = '{{ table_name }}'
            and quarantined.row_no = {{ alias }}.row_no
    )
{%- endmacro %}
