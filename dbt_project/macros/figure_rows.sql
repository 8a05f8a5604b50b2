{#-
    How rows of a mart become figures, one macro each. Not here: which marts and columns are (figures.sql).
-#}

{#- The parts of an id, `/` between: a name keeps its letters, a blank in it is `_`, and nothing is `-`. -#}
{% macro figure_path(parts) -%}
    {%- for part in parts -%}
        {{ "|| '/' || " if not loop.first }}coalesce(replace(replace(cast({{ part }} as string), ' ', '_'), '/', '-'), '-')
    {%- endfor -%}
{%- endmacro %}


{#- The unit of a figure, as the municipality writes it. -#}
{% macro figure_unit(unit) -%}
    case {{ unit }}
        when 'percent' then '%'
        when 'procent' then '%'
        when 'persons' then 'antal'
        when 'fte' then 'årsarbetare'
        when 'years' then 'år'
        when 'index_1_100' then 'index'
        when 'scale_1_6' then 'skala'
        when 'points' then 'poäng'
        else {{ unit }}
    end
{%- endmacro %}


{#- One of the columns' own words for each column: its number in the entry decides. -#}
{% macro figure_choice(choices) -%}
    {%- if choices | unique | list | length == 1 -%}
        {{ choices[0] }}
    {%- else -%}
        case columns.column_no
            {%- for choice in choices %} when {{ loop.index }} then {{ choice }}{% endfor %} end
    {%- endif -%}
{%- endmacro %}


{#- The figures of one entry of figure_marts(), each row once per column; `relation` holds the entry's rows. -#}
{% macro figures_of(entry, relation, columns) -%}
    {%- set any_year = [] -%}
    {%- for part in entry.table + entry.row -%}
        {%- do any_year.append("'*'" if part == entry.year else part) -%}
    {%- endfor -%}
    {%- set units, values = [], [] -%}
    {%- for name, column in columns.items() -%}
        {%- do units.append(column[1]) -%}
        {%- do values.append('cast(' ~ name ~ ' as decimal(22, 4))') -%}
    {%- endfor -%}
    select
        '{{ entry.mart }}' as mart,
        board_code,
        {{ entry.year }} as year,
        {{ entry.label }} || ' ' || cast({{ entry.year }} as string) || ': ' || columns.column_name as label,
        {{ figure_choice(values) }} as value,
        {{ figure_choice(units) }} as unit,
        {{ figure_choice(columns.values() | map(attribute=2) | list) }} as decimals,
        {{ entry.get('hidden', 'false') }} as is_suppressed,
        '{{ entry.mart }}/' || {{ figure_path(entry.table) }} as table_id,
        {{ figure_path(entry.row) if entry.row else 'cast(null as string)' }} as row_id,
        columns.column_id,
        '{{ entry.mart }}/' || {{ figure_path(any_year) }} as any_year
    from {{ relation }} as kept
    cross join (
        values
        {% for column in columns.values() -%}
            ({{ loop.index }}, '{{ column[0] }}', '{{ column[3] }}'){{ ', ' if not loop.last }}
        {%- endfor %}
    ) as columns (column_no, column_id, column_name)
{%- endmacro %}


{#- The figures of every entry of figure_marts(), one select each. -#}
{% macro all_figures() -%}
    {%- for entry in figure_marts() -%}
        {%- set kept -%}
            (select * from {{ ref(entry.mart) }}{{ ' where ' ~ entry.where if entry.where }})
        {%- endset -%}
        {%- if entry.count -%}
            {%- set keys = (entry.table + entry.row) | join(', ') -%}
            {%- set counted -%}
                (select {{ keys }}, count(*) as counted from {{ kept }} as counting group by {{ keys }})
            {%- endset -%}
            {{ figures_of(entry, counted, {'counted': (entry.count[0], "'antal'", '0', entry.count[1])}) }}
        {%- else -%}
            {{ figures_of(entry, kept, entry.columns) }}
        {%- endif -%}
        {{- '\n    union all\n    ' if not loop.last -}}
    {%- endfor -%}
{%- endmacro %}
