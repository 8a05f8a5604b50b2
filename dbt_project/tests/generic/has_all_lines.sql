{#- Catches a group that lacks one of the lines of the statement: a table in the report would have a hole. -#}
{% test has_all_lines(model, by) %}
    select
        {{ by | join(', ') }},
        count(*) as line_count
    from {{ model }}
    group by {{ by | join(', ') }}
    having count(*) <> (select count(*) from {{ ref('statement_line') }})
{% endtest %}
