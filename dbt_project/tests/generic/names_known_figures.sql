{#- Catches a statement that names a figure that no mart tells: a misspelt id, or one that is no longer there. -#}
{% test names_known_figures(model) %}
    select
        statement_id,
        'Påstående ' || statement_id || ' nämner ' || unknown_figures
        || ', som inte finns: rätta id:t i filen med påståenden och lämna den igen.' as message
    from {{ model }}
    where unknown_figures is not null
{% endtest %}
