with recursive

units as (
    select
        unit_code,
        coalesce(valid_from, date '1900-01-01') as valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to,
        unit_name,
        parent_unit_code,
        board_code,
        segment_code,
        predecessor_codes
    from {{ ref('stg_organisation__units') }}
),

-- The parent as it was on the unit's first day. No row here: the unit is at the top.
parents as (
    select
        child.unit_code,
        child.valid_from,
        parent.unit_code as parent_unit_code,
        parent.valid_from as parent_valid_from
    from units as child
    inner join units as parent
        on
            child.parent_unit_code = parent.unit_code
            and child.valid_from between parent.valid_from and parent.valid_to
),

paths as (
    select
        units.unit_code,
        units.valid_from,
        units.unit_code as unit_path
    from units
    left join parents
        on
            units.unit_code = parents.unit_code
            and units.valid_from = parents.valid_from
    where parents.unit_code is null
    union all
    select
        parents.unit_code,
        parents.valid_from,
        paths.unit_path || ' / ' || parents.unit_code as unit_path
    from parents
    inner join paths
        on
            parents.parent_unit_code = paths.unit_code
            and parents.parent_valid_from = paths.valid_from
)

-- Units that are each other's parents are never reached from the top and get no path; a test names them.
select
    units.unit_code,
    units.valid_from,
    units.valid_to,
    units.unit_name,
    units.parent_unit_code,
    paths.unit_path,
    units.board_code,
    units.segment_code,
    units.predecessor_codes
from units
left join paths
    on
        units.unit_code = paths.unit_code
        and units.valid_from = paths.valid_from
order by units.unit_code, units.valid_from
