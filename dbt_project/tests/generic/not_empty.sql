{#- Catches a table that was built from nothing, which every other test would pass. -#}
{% test not_empty(model) %}
    select row_count
    from (select count(*) as row_count from {{ model }}) as counted
    where row_count = 0
{% endtest %}
