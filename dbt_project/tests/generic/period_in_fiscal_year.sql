{#- Catches periods that are no month of their fiscal year: a voucher dated in another year, 202400, 202313. -#}
{% test period_in_fiscal_year(model) %}
    select
        fiscal_year,
        period,
        count(*) as row_count,
        'Period ' || cast(period as string) || ' hör inte till år ' || cast(fiscal_year as string)
        || ': rätta datumet i källan och lämna filen igen.' as message
    from {{ model }}
    where period is null or period not between fiscal_year * 100 + 1 and fiscal_year * 100 + 12
    group by fiscal_year, period
{% endtest %}
