{#-
    How a claim of a report is compared with figures, one macro each. Not here: which verdict a comparison leads to
    (marts/report/statement_check).
-#}

{#- How many parts a text has that stand between marks. -#}
{% macro listed_count(text, mark) -%}
    (length({{ text }}) - length(replace({{ text }}, '{{ mark }}', '')) + 1)
{%- endmacro %}


{#- How many kronor, or whatever else, one of the unit is. -#}
{% macro unit_factor(unit) -%}
    case {{ unit }} when 'tkr' then 1000 when 'mnkr' then 1000000 else 1 end
{%- endmacro %}


{#- What is in kronor, or whatever else, in the unit. -#}
{% macro in_unit(value, unit) -%}
    ({{ value }} * case {{ unit }} when 'tkr' then 0.001 when 'mnkr' then 0.000001 else 1 end)
{%- endmacro %}


{#- The unit of figures that a claim in the unit speaks of: money is kept in kronor. -#}
{% macro unit_of_figures(unit) -%}
    case when {{ unit }} in ('tkr', 'mnkr') then 'kr' else {{ unit }} end
{%- endmacro %}


{#-
    How much one figure is more than another. Two below zero are compared by size: a cost that grows has increased.
-#}
{% macro more_than(value, other) -%}
    (case when {{ value }} < 0 and {{ other }} < 0 then {{ other }} - {{ value }} else {{ value }} - {{ other }} end)
{%- endmacro %}


{#-
    Whether a figure is printed as the claim: rounded, half away from zero, to the decimals of `claim`, in a unit that is
    `factor` of the figure's. Without a printed sign the claim is a size.
-#}
{% macro is_printed_as(value, claim, factor) -%}
    (
        abs({{ value }}) >= cast(abs({{ claim }}.claimed_value) - {{ claim }}.half_step as decimal(28, 5)) * ({{ factor }})
        and abs({{ value }}) < cast(abs({{ claim }}.claimed_value) + {{ claim }}.half_step as decimal(28, 5)) * ({{ factor }})
        and (
            not {{ claim }}.is_signed
            or {{ claim }}.claimed_value = 0
            or ({{ value }} < 0) = ({{ claim }}.claimed_value < 0)
        )
    )
{%- endmacro %}


{#- Half of the last decimal that is printed. -#}
{% macro half_step(decimals) -%}
    case {{ decimals }} when 0 then 0.5 when 1 then 0.05 when 2 then 0.005 when 3 then 0.0005 else 0.00005 end
{%- endmacro %}


{#- A number as it is printed in Swedish, rounded half away from zero. -#}
{% macro printed_number(value, decimals) -%}
    replace(
        case {{ decimals }}
            when 0 then cast(cast(round({{ value }}, 0) as decimal(22, 0)) as string)
            when 1 then cast(cast(round({{ value }}, 1) as decimal(22, 1)) as string)
            when 2 then cast(cast(round({{ value }}, 2) as decimal(22, 2)) as string)
            else cast(cast(round({{ value }}, 4) as decimal(22, 4)) as string)
        end,
        '.', ','
    )
{%- endmacro %}


{#- A figure as it is printed where nothing else is asked for: money in mnkr with one decimal. -#}
{% macro printed_figure(value, unit, decimals) -%}
    case
        when {{ unit }} = 'kr' then {{ printed_number(value ~ ' * 0.000001', 1) }} || ' mnkr'
        else
            {{ printed_number(value, 'coalesce(' ~ decimals ~ ', 1)') }}
            || case when {{ unit }} in ('%', 'procentenheter', 'årsarbetare', 'år', 'kg/mil') then ' ' || {{ unit }} else '' end
    end
{%- endmacro %}
