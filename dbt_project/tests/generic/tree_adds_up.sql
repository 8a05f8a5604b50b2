{#-
    Catches a node of the investment tree that is not its own amounts and those of the nodes right under it, to the öre:
    a node lost with what is on it, or a level added twice. The total has no amounts of its own.

    amounts: each amount of the tree with the table it is made of.
-#}
{% test tree_adds_up(model, amounts) %}
    with compared as (
        {% for column, origin in amounts.items() %}
        select
            fiscal_year,
            node_code,
            '{{ column }}' as amount,
            {{ column }} as node_sek,
            0 as parts_sek
        from {{ model }}
        where node_code <> 'total'
        union all
        select
            fiscal_year,
            parent_code as node_code,
            '{{ column }}' as amount,
            0 as node_sek,
            {{ column }} as parts_sek
        from {{ model }}
        where parent_code <> 'total'
        union all
        select
            fiscal_year,
            node_code,
            '{{ column }}' as amount,
            0 as node_sek,
            amount_sek as parts_sek
        from {{ origin }}
        union all
        select
            fiscal_year,
            board_code || ' total' as node_code,
            '{{ column }}' as amount,
            case when node_code = 'total' then {{ column }} else 0 end as node_sek,
            case when parent_code = 'total' then {{ column }} else 0 end as parts_sek
        from {{ model }}
        {{ 'union all' if not loop.last }}
        {% endfor %}
    )

    select
        fiscal_year,
        node_code,
        amount,
        sum(node_sek) as node_sek,
        sum(parts_sek) as parts_sek
    from compared
    group by fiscal_year, node_code, amount
    having sum(node_sek) <> sum(parts_sek)
{% endtest %}
