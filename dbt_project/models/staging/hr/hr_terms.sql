with

-- A person who had another number before (a samordningsnummer) is the one they are now.
renumbered as (
    select
        former_person_key,
        min(person_key) as person_key
    from {{ ref('stg_hr__employments') }}
    where former_person_key is not null
    group by former_person_key
)

-- Terms that last while the unit moves between boards become one row in each.
select
    terms.employment_key,
    coalesce(renumbered.person_key, terms.person_key) as person_key,
    terms.sex,
    terms.birth_year,
    terms.employment_form,
    units.board_code,
    terms.unit_code,
    terms.contracted_rate_pct,
    greatest(terms.valid_from, terms.employed_from, units.valid_from) as active_from,
    least(
        coalesce(terms.valid_to, date '9999-12-31'),
        coalesce(terms.employed_to, date '9999-12-31'),
        units.valid_to
    ) as active_to,
    terms.employed_from,
    coalesce(terms.employed_to, date '9999-12-31') as employed_to,
    terms.leaving_reason
from {{ ref('stg_hr__employments') }} as terms
inner join {{ ref('dim_org_unit') }} as units
    on
        terms.unit_code = units.unit_code
        and greatest(terms.valid_from, terms.employed_from) <= units.valid_to
        and least(
            coalesce(terms.valid_to, date '9999-12-31'), coalesce(terms.employed_to, date '9999-12-31')
        ) >= units.valid_from
left join renumbered on terms.person_key = renumbered.former_person_key
where
    greatest(terms.valid_from, terms.employed_from)
    <= least(coalesce(terms.valid_to, date '9999-12-31'), coalesce(terms.employed_to, date '9999-12-31'))
order by terms.employment_key, active_from
