with

counted as (
    select
        board_code,
        year,
        contract_code,
        min(contract_name) as contract_name,
        count(*) as requirements,
        count(is_met) as requirements_applicable,
        count(case when is_met then 1 end) as requirements_met,
        count(case when has_deficiency then 1 end) as deficiencies,
        -- Without a review of the year before nothing is known to be repeated, or not.
        case
            when count(is_repeated_deficiency) > 0 then count(case when is_repeated_deficiency then 1 end)
        end as repeated_deficiencies
    from {{ ref('contract_review') }}
    group by board_code, year, contract_code
),

computed as (
    {%- for code, name, value, unit in [
        ('requirements', 'Krav som följts upp', 'requirements', 'antal'),
        ('requirements_applicable', 'Krav som är aktuella', 'requirements_applicable', 'antal'),
        ('requirements_met', 'Krav som är uppfyllda', 'requirements_met', 'antal'),
        (
            'requirements_met_pct', 'Andel av aktuella krav som är uppfyllda',
            share('requirements_met * 100', 'requirements_applicable'), 'procent'
        ),
        ('deficiencies', 'Krav med brist', 'deficiencies', 'antal'),
        ('repeated_deficiencies', 'Krav med brist också året före', 'repeated_deficiencies', 'antal'),
    ] %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        board_code,
        year,
        contract_code,
        contract_name,
        '{{ code }}' as measure_code,
        '{{ name }}' as measure_name,
        'Alla' as group_name,
        cast({{ value }} as decimal(18, 4)) as value,
        '{{ unit }}' as unit,
        true as is_computed
    from counted
    {%- endfor %}
),

measures as (
    select
        delivered.board_code,
        delivered.year,
        delivered.contract_code,
        counted.contract_name,
        delivered.measure_code,
        delivered.measure_name,
        delivered.group_name,
        delivered.value,
        delivered.unit,
        false as is_computed
    from {{ ref('stg_followup__contract_measures') }} as delivered
    left join counted
        on
            delivered.board_code = counted.board_code
            and delivered.year = counted.year
            and delivered.contract_code = counted.contract_code
    union all
    select *
    from computed
    where value is not null
)

select
    this_year.board_code,
    this_year.year,
    this_year.contract_code,
    this_year.contract_name,
    this_year.measure_code,
    this_year.measure_name,
    this_year.group_name,
    this_year.value,
    this_year.unit,
    this_year.is_computed,
    year_before.value as prior_value,
    cast(this_year.value - year_before.value as decimal(18, 4)) as difference,
    cast(
        {{ share('(this_year.value - year_before.value) * 100', 'year_before.value') }} as decimal(18, 4)
    ) as change_pct
from measures as this_year
left join measures as year_before
    on
        this_year.board_code = year_before.board_code
        and this_year.year = year_before.year + 1
        and this_year.contract_code = year_before.contract_code
        and this_year.measure_code = year_before.measure_code
        and this_year.group_name = year_before.group_name
        and this_year.unit = year_before.unit
order by
    this_year.board_code,
    this_year.year,
    this_year.contract_code,
    this_year.measure_code,
    this_year.group_name
