{#- Catches a second final value of one indicator and year that is no revision: another source says something else. -#}
{{ config(severity='warn') }}

with

final_values as (
    select reports.*
    from {{ ref('fct_indicator_value') }} as reports
    inner join {{ ref('stg_settings__municipality') }} as ours on reports.municipality_code = ours.municipality_code
    qualify
        row_number() over (
            partition by reports.indicator_code, reports.year, reports.source_name
            order by reports.reported_on desc
        ) = 1
)

select
    one.indicator_code,
    one.year,
    one.value,
    other.value as other_value,
    'Indikator ' || one.indicator_code || ' är ' || cast(one.value as string) || ' ' || cast(one.year as string)
    || ' enligt ' || one.source_name || ' men ' || cast(other.value as string) || ' enligt ' || other.source_name
    || ', båda slutliga: ta reda på vilket som gäller och rätta det andra.' as message
from final_values as one
inner join final_values as other
    on
        one.indicator_code = other.indicator_code
        and one.year = other.year
        and one.source_name < other.source_name
where
    one.status = 'final'
    and other.status = 'final'
    and one.value <> other.value
