with

-- Years are compared two and two: a fiscal year and the one before it, day for day.
years as (
    select
        fiscal_year,
        make_date(fiscal_year - 1, 1, 1) as compared_from,
        make_date(fiscal_year, 12, 31) as compared_to
    from {{ ref('dim_period') }}
    group by fiscal_year
),

-- What the unit was called at the end of the year, or when it was closed.
named as (
    select
        units.unit_code,
        years.fiscal_year,
        units.unit_name
    from {{ ref('dim_org_unit') }} as units
    inner join years on units.valid_from <= years.compared_to
    qualify
        row_number() over (
            partition by units.unit_code, years.fiscal_year
            order by units.valid_from desc
        ) = 1
),

closings as (
    select
        unit_code,
        max(valid_to) as closed_on
    from {{ ref('dim_org_unit') }}
    group by unit_code
),

-- Units that took over from others within the two years: there the one was made, or the other closed, if the one was
-- there before. What was reorganised earlier, or later, does not matter here.
successions as (
    select
        years.fiscal_year,
        successors.unit_code,
        predecessors.unit_code as linked_code
    from {{ ref('dim_org_unit') }} as successors
    inner join closings as predecessors
        on instr(',' || replace(successors.predecessor_codes, ' ', '') || ',', ',' || predecessors.unit_code || ',') > 0
    inner join years
        on
            (successors.valid_from > years.compared_from and successors.valid_from <= years.compared_to)
            or (predecessors.closed_on >= years.compared_from and predecessors.closed_on < years.compared_to)
),

links as (
    select
        fiscal_year,
        unit_code,
        linked_code
    from successions
    union -- one row per pair, which goes both ways; a unit is linked to itself
    select
        fiscal_year,
        linked_code as unit_code,
        unit_code as linked_code
    from successions
    union
    select
        fiscal_year,
        unit_code,
        unit_code as linked_code
    from named
),

-- Links of links, doubled four times: sixteen steps are more than two years of reorganisation can hold.
{% for step in range(4) %}
linked_{{ step + 1 }} as (
    select
        near.fiscal_year,
        near.unit_code,
        far.linked_code
    from {{ 'linked_' ~ step if step else 'links' }} as near
    inner join {{ 'linked_' ~ step if step else 'links' }} as far
        on
            near.fiscal_year = far.fiscal_year
            and near.linked_code = far.unit_code
    group by near.fiscal_year, near.unit_code, far.linked_code
),

{% endfor %}
-- Units that must be compared together: those that split, merged or took over from each other.
comparison_groups as (
    select
        fiscal_year,
        unit_code,
        min(linked_code) as comparison_group
    from linked_4
    group by fiscal_year, unit_code
),

intervals as (
    select
        years.fiscal_year,
        comparison_groups.comparison_group,
        units.board_code,
        units.segment_code,
        greatest(units.valid_from, years.compared_from) as starts_on,
        least(units.valid_to, years.compared_to) as ends_on,
        years.compared_from,
        years.compared_to
    from comparison_groups
    inner join years on comparison_groups.fiscal_year = years.fiscal_year
    inner join {{ ref('dim_org_unit') }} as units
        on
            comparison_groups.unit_code = units.unit_code
            and units.valid_from <= years.compared_to
            and units.valid_to >= years.compared_from
),

-- The last day that the group has existed to without a break, before each interval.
followed as (
    select
        *,
        coalesce(
            max(ends_on) over (
                partition by fiscal_year, comparison_group
                order by starts_on, ends_on
                rows between unbounded preceding and 1 preceding
            ),
            compared_from - 1
        ) as existed_to
    from intervals
),

-- Comparable: there every day of both years, and never anywhere but in one board and segment.
judged as (
    select
        fiscal_year,
        comparison_group,
        bool_and(starts_on <= existed_to + 1)
        and max(ends_on) = max(compared_to)
        and min(board_code) = max(board_code)
        and min(segment_code) = max(segment_code) as is_comparable
    from followed
    group by fiscal_year, comparison_group
)

select
    named.unit_code,
    named.fiscal_year,
    named.unit_name,
    comparison_groups.comparison_group,
    coalesce(judged.is_comparable, false) as is_comparable
from named
inner join comparison_groups
    on
        named.fiscal_year = comparison_groups.fiscal_year
        and named.unit_code = comparison_groups.unit_code
left join judged
    on
        comparison_groups.fiscal_year = judged.fiscal_year
        and comparison_groups.comparison_group = judged.comparison_group
order by named.unit_code, named.fiscal_year
