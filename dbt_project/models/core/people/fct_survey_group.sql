with

-- The question of an answer: of its own file before one that came beside, of the round before one of every round.
asked as (
    select
        answered.load_id,
        answered.survey_code as series_code,
        answered.year,
        answered.round_no,
        questions.survey_name,
        questions.question_code,
        questions.question_text,
        questions.statistic,
        questions.unit,
        questions.scale_min,
        questions.scale_max,
        questions.favourable_from,
        questions.decimals,
        greatest(coalesce(questions.min_answers, 0), staff.min_survey_answers) as min_answers
    from (
        select
            load_id,
            survey_code,
            year,
            round_no,
            question_code
        from {{ ref('stg_survey__answers') }}
        group by load_id, survey_code, year, round_no, question_code
    ) as answered
    inner join {{ ref('stg_survey__questions') }} as questions
        on
            answered.survey_code = questions.survey_code
            and answered.year = questions.year
            and answered.question_code = questions.question_code
            and (questions.round_no is null or questions.round_no = answered.round_no)
    cross join {{ ref('stg_settings__staff') }} as staff
    qualify
        row_number() over (
            partition by answered.load_id, answered.question_code
            order by
                case when questions.load_id = answered.load_id then 1 else 2 end asc,
                questions.round_no asc nulls last,
                questions.load_id asc
        ) = 1
),

-- Each respondent once in the own group and once in the total. Who belongs to no unit is a group too, or the units and
-- the total would tell about these few; not where nobody belongs to one.
members as (
    select
        load_id,
        respondent_no,
        coalesce(group_code, 'none') as group_code
    from {{ ref('stg_survey__answers') }}
    group by load_id, respondent_no, coalesce(group_code, 'none')
    union all
    select
        load_id,
        respondent_no,
        'total' as group_code
    from {{ ref('stg_survey__answers') }}
    group by load_id, respondent_no
),

survey_groups as (
    select
        members.load_id,
        members.group_code,
        count(*) as respondents
    from members
    group by members.load_id, members.group_code
    qualify
        members.group_code <> 'none'
        or count(*) over (partition by members.load_id) > 2
),

scored as (
    select
        answers.load_id,
        answers.respondent_no,
        answers.question_code,
        answers.answer_weight,
        cast(
            case
                when asked.statistic <> 'share' then answers.answer_value
                when answers.answer_value >= asked.favourable_from then 1
                else 0
            end as decimal(9, 2)
        ) as score
    from {{ ref('stg_survey__answers') }} as answers
    inner join asked
        on
            answers.load_id = asked.load_id
            and answers.question_code = asked.question_code
    where answers.answer_value is not null and not answers.is_no_opinion
),

-- Sums of decimals: their order does not matter, so the same answers give the same figures.
summed as (
    select
        scored.load_id,
        scored.question_code,
        members.group_code,
        count(*) as answers,
        sum(scored.answer_weight) as weight_sum,
        sum(scored.answer_weight * scored.answer_weight) as weight_square_sum,
        sum(scored.answer_weight * scored.score) as weighted_sum,
        sum(scored.answer_weight * scored.score * scored.score) as weighted_square_sum,
        min(scored.score) as lowest_score,
        max(scored.score) as highest_score
    from scored
    inner join members
        on
            scored.load_id = members.load_id
            and scored.respondent_no = members.respondent_no
    group by scored.load_id, scored.question_code, members.group_code
),

-- The day of the survey, or the last of its year.
days as (
    select
        load_id,
        coalesce(max(measured_on), make_date(max(year), 12, 31)) as measured_on
    from {{ ref('stg_survey__answers') }}
    group by load_id
),

-- The unit as it was on that day, or when it was closed before.
units as (
    select
        days.load_id,
        units.unit_code,
        units.unit_name,
        units.board_code
    from days
    inner join {{ ref('dim_org_unit') }} as units on days.measured_on >= units.valid_from
    qualify row_number() over (partition by days.load_id, units.unit_code order by units.valid_from desc) = 1
)

select
    asked.series_code || coalesce('_' || cast(asked.round_no as string), '') as survey_code,
    asked.survey_name,
    asked.round_no,
    asked.year,
    asked.question_code,
    asked.question_text,
    asked.statistic,
    asked.unit,
    asked.scale_min,
    asked.scale_max,
    asked.decimals,
    asked.min_answers,
    units.board_code,
    survey_groups.group_code,
    case survey_groups.group_code
        when 'total' then 'Alla' when 'none' then 'Utan enhet'
        else coalesce(units.unit_name, survey_groups.group_code)
    end as group_name,
    cast(survey_groups.respondents as integer) as respondents,
    cast(coalesce(summed.answers, 0) as integer) as answers,
    cast(summed.weight_sum as decimal(38, 6)) as weight_sum,
    cast(summed.weight_square_sum as decimal(38, 12)) as weight_square_sum,
    cast(summed.weighted_sum as decimal(38, 8)) as weighted_sum,
    cast(summed.weighted_square_sum as decimal(38, 10)) as weighted_square_sum,
    summed.lowest_score,
    summed.highest_score
from asked
inner join survey_groups on asked.load_id = survey_groups.load_id
left join summed
    on
        asked.load_id = summed.load_id
        and asked.question_code = summed.question_code
        and survey_groups.group_code = summed.group_code
left join units
    on
        asked.load_id = units.load_id
        and survey_groups.group_code = units.unit_code
order by survey_code, asked.year, asked.question_code, survey_groups.group_code
