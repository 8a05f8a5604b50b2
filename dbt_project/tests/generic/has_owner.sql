{#- Catches rows whose unit is not in the organisation on the day, so that no board or segment owns them. -#}
{% test has_owner(model) %}
    select
        unit_code,
        fiscal_year,
        min(period) as first_period,
        sum(amount_sek) as amount_sek,
        count(*) as row_count,
        case
            when unit_code is null then 'Poster utan ansvar saknar nämnd: lägg in en nämnd i inställningarna.'
            else
                'Ansvar ' || unit_code || ' finns inte i organisationen ' || cast(min(period) as string)
                || ': lägg till det med rätt datum i organisationsfilen.'
        end as message
    from {{ model }}
    where board_code is null or segment_code is null
    group by unit_code, fiscal_year
{% endtest %}
