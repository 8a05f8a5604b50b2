{#- Catches two intervals of the same key that share a day: each posting on that day would count twice. -#}
{% test no_overlap(model, key, valid_from, valid_to) %}
    select
        earlier.{{ key }},
        earlier.{{ valid_from }},
        earlier.{{ valid_to }},
        later.{{ valid_from }} as next_{{ valid_from }},
        'Ansvar ' || earlier.{{ key }}
        || ' har två rader som gäller samma dag: rätta datumen i organisationsfilen.' as message
    from {{ model }} as earlier
    inner join {{ model }} as later
        on
            earlier.{{ key }} = later.{{ key }}
            and earlier.{{ valid_from }} < later.{{ valid_from }}
            and earlier.{{ valid_to }} >= later.{{ valid_from }}
    union all
    select
        {{ key }},
        {{ valid_from }},
        {{ valid_to }},
        {{ valid_from }} as next_{{ valid_from }},
        'Ansvar ' || {{ key }}
        || ' slutar gälla före sin första dag: rätta datumen i organisationsfilen.' as message
    from {{ model }}
    where {{ valid_to }} < {{ valid_from }}
{% endtest %}
