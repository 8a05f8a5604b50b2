{#-
    Catches two intervals of the same key that share a day, and one that ends before it begins: what happens on that
    day would count twice, or not at all. An open end is empty or far away.

    what, file: what the key is called and where its dates are mended, in Swedish.
-#}
{% test no_overlap(model, key, valid_from, valid_to, what, file) %}
    with intervals as (
        select
            {{ key }},
            coalesce({{ valid_from }}, date '1900-01-01') as starts_on,
            coalesce({{ valid_to }}, date '9999-12-31') as ends_on
        from {{ model }}
    ),

    followed as (
        select
            *,
            max(ends_on) over (
                partition by {{ key }}
                order by starts_on, ends_on
                rows between unbounded preceding and 1 preceding
            ) as earlier_ends_on
        from intervals
    )

    select
        {{ key }},
        starts_on,
        ends_on,
        case
            when ends_on < starts_on
                then '{{ what }} ' || {{ key }} || ' slutar gälla före sin första dag: rätta datumen i {{ file }}.'
            else '{{ what }} ' || {{ key }} || ' har två rader som gäller samma dag: rätta datumen i {{ file }}.'
        end as message
    from followed
    where
        ends_on < starts_on
        or earlier_ends_on >= starts_on
{% endtest %}
