select
    board_code,
    unit_code,
    fiscal_year,
    sex,
    age_group,
    cast(sum(ordinary_hours) as decimal(18, 2)) as ordinary_hours,
    cast(sum(sick_hours) as decimal(18, 6)) as sick_hours,
    cast(sum(sick_hours_day_1_14) as decimal(18, 6)) as sick_hours_day_1_14,
    cast(sum(sick_hours_day_15_59) as decimal(18, 6)) as sick_hours_day_15_59,
    cast(sum(sick_hours_day_60_and_over) as decimal(18, 6)) as sick_hours_day_60_and_over,
    cast(sum(long_sick_hours) as decimal(18, 6)) as long_sick_hours
from {{ ref('hr_person_year') }}
where ordinary_hours > 0
group by board_code, unit_code, fiscal_year, sex, age_group
order by board_code, unit_code, fiscal_year, sex, age_group
