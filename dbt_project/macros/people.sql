{#-
    How figures of persons are written, one macro each. Not here: which groups are hidden (marts/people/disclosure_mask)
    and what a figure means (the models).
-#}

{#- A quotient, unrounded; null where there is nothing to divide by. -#}
{% macro share(part, whole) -%}
    (cast({{ part }} as double) / nullif(cast({{ whole }} as double), 0))
{%- endmacro %}


{#-
    A figure as it may be published: rounded to its decimals, half away from zero, or exact where `decimals` is null.
    Finer values of persons would let two nights be subtracted. The first cast takes away what binary fractions add.
-#}
{% macro as_published(value, decimals) -%}
    cast(
        case {{ decimals }}
            when 0 then round(cast({{ value }} as decimal(28, 9)), 0)
            when 1 then round(cast({{ value }} as decimal(28, 9)), 1)
            else cast({{ value }} as decimal(28, 9))
        end as decimal(18, 4)
    )
{%- endmacro %}


{#- The age group at the end of the year, as the law groups: at most 29, 30 to 49, at least 50. -#}
{% macro age_group(age) -%}
    case when {{ age }} <= 29 then 'under_30' when {{ age }} <= 49 then '30_49' else '50_and_over' end
{%- endmacro %}


{#- One text for every reason: telling a small group from one that hides it would tell which is which. -#}
{% macro suppression_reason(is_suppressed) -%}
    case when {{ is_suppressed }} then 'Visas inte: gruppen är för liten, eller skulle gå att räkna ut.' end
{%- endmacro %}
