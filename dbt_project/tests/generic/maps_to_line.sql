{#- Catches result accounts (all but class 1 and 2) outside every line of the statement: they would be in no sum. -#}
{% test maps_to_line(model) %}
    select
        account,
        fiscal_year,
        sum(amount_sek) as amount_sek,
        count(*) as row_count,
        'Konto ' || account || ' används ' || cast(fiscal_year as string)
        || ' men hör till ingen rad i driftredovisningen: koppla kontot i inställningarna.' as message
    from {{ model }}
    where line_code is null and substring(account, 1, 1) not in ('1', '2')
    group by account, fiscal_year
{% endtest %}
