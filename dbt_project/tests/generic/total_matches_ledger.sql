{#-
    Catches a mart whose base lines do not add up, to the öre, to the result accounts of the ledger as delivered
    (sign turned), whatever happened between: a posting without line, unit, board or month.
-#}
{% test total_matches_ledger(model, amount, by=['board_code', 'segment_code', 'fiscal_year']) %}
    with compared as (
        select
            {{ by | join(', ') }},
            {{ amount }} as mart_sek,
            0 as ledger_sek
        from {{ model }}
        where not is_total
        union all
        select
            {{ by | join(', ') }},
            0 as mart_sek,
            -amount_sek as ledger_sek
        from {{ ref('fct_ledger') }}
        where line_code is not null or substring(account, 1, 1) not in ('1', '2')
    )

    select
        {{ by | join(', ') }},
        sum(mart_sek) as mart_sek,
        sum(ledger_sek) as ledger_sek
    from compared
    group by {{ by | join(', ') }}
    having sum(mart_sek) <> sum(ledger_sek)
{% endtest %}
