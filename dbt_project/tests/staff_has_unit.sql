{#-
    Catches what is counted in no board: terms on a unit that the organisation does not know, hours of an employment
    without terms that month. And incidents on an unknown unit, which are counted in the default board.
-#}
{{ config(severity='warn') }}

with

terms as (
    select
        terms.unit_code,
        count(*) as row_count
    from {{ ref('stg_hr__employments') }} as terms
    left join {{ ref('dim_org_unit') }} as units
        on
            terms.unit_code = units.unit_code
            and coalesce(terms.valid_to, date '9999-12-31') >= units.valid_from
            and terms.valid_from <= units.valid_to
    where units.unit_code is null
    group by terms.unit_code
),

hours as (
    select
        period,
        count(*) as row_count
    from {{ ref('hr_month') }}
    where board_code is null
    group by period
),

incidents as (
    select
        incidents.unit_code,
        count(*) as row_count
    from {{ ref('stg_hr__incidents') }} as incidents
    left join {{ ref('dim_org_unit') }} as units
        on
            incidents.unit_code = units.unit_code
            and incidents.happened_on between units.valid_from and units.valid_to
    where units.unit_code is null
    group by incidents.unit_code
)

select
    row_count,
    'Ansvar ' || coalesce(unit_code, '(tomt)') || ' har anställda men finns inte i organisationen de dagarna: '
    || 'lägg till det med rätt datum i organisationsfilen, eller rätta i personalsystemet.' as message
from terms
union all
select
    row_count,
    'Timmar ' || cast(period as string) || ' saknar anställningsvillkor den månaden och räknas inte: '
    || 'rätta anställningsregistret och exportera igen.' as message
from hours
union all
select
    row_count,
    'Ansvar ' || coalesce(unit_code, '(tomt)') || ' har arbetsskador eller tillbud men finns inte i organisationen den '
    || 'dagen: de räknas hos den första nämnden.' as message
from incidents
