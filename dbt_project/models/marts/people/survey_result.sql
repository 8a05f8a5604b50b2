with

measured as (
    select
        *,
        {{ effective_answers('weight_sum', 'weight_square_sum') }} as effective_answers
    from {{ ref('fct_survey_group') }}
),

-- A unit that an earlier release has hidden stays so when its file comes again, or the two could be subtracted.
judged as (
    select
        measured.*,
        {{ too_few('answers', 'effective_answers', 'lowest_score', 'highest_score') }}
        or (measured.group_code <> 'total' and earlier.group_code is not null) as is_few
    from measured
    left join {{ ref('stg_releases__survey_mask') }} as earlier
        on
            measured.survey_code = earlier.survey_code
            and measured.year = earlier.year
            and measured.question_code = earlier.question_code
            and measured.group_code = earlier.group_code
),

-- The groups of a question in the order they are hidden: those that are few, then the smallest others, one by one.
ordered as (
    select
        *,
        row_number() over hiding as hiding_no,
        sum(answers) over hiding as hidden_answers,
        sum(case when answers > 0 then 1 else 0 end) over hiding as hidden_groups,
        sum(weight_sum) over hiding as hidden_weight,
        sum(weight_square_sum) over hiding as hidden_weight_square,
        min(lowest_score) over hiding as hidden_lowest,
        max(highest_score) over hiding as hidden_highest,
        sum(case when is_few then 1 else 0 end) over question as few_groups,
        sum(case when is_few and answers > 0 then 1 else 0 end) over question as few_with_answers
    from judged
    where group_code <> 'total'
    window
        question as (partition by survey_code, year, question_code),
        hiding as (
            partition by survey_code, year, question_code
            order by case when is_few then 1 else 2 end asc, answers asc, group_code asc
            rows between unbounded preceding and current row
        )
),

-- The total less the groups shown tells of the hidden ones together: they must be two at least, and not few either.
covered as (
    select
        *,
        {{ effective_answers('hidden_weight', 'hidden_weight_square') }} as hidden_effective
    from ordered
),

closed as (
    select
        *,
        min(
            case
                when
                    hiding_no >= few_groups
                    and hidden_groups >= 2
                    and not {{ too_few('hidden_answers', 'hidden_effective', 'hidden_lowest', 'hidden_highest') }}
                    then hiding_no
            end
        ) over (partition by survey_code, year, question_code) as enough_no
    from covered
),

-- Where no set of groups is enough nothing is shown, the total neither.
uncovered as (
    select
        survey_code,
        year,
        question_code
    from closed
    where few_with_answers > 0 and enough_no is null
    group by survey_code, year, question_code
),

hidden as (
    select
        survey_code,
        year,
        question_code,
        group_code
    from closed
    where
        hiding_no <= few_groups
        or (few_with_answers > 0 and hiding_no <= coalesce(enough_no, hiding_no))
    union all
    select
        judged.survey_code,
        judged.year,
        judged.question_code,
        judged.group_code
    from judged
    left join uncovered
        on
            judged.survey_code = uncovered.survey_code
            and judged.year = uncovered.year
            and judged.question_code = uncovered.question_code
    where judged.group_code = 'total' and (judged.is_few or uncovered.survey_code is not null)
),

-- The board of the total is that of its units, where they have one.
boards as (
    select
        survey_code,
        year,
        case when min(board_code) = max(board_code) then min(board_code) end as board_code
    from judged
    group by survey_code, year
),

scaled as (
    select
        judged.*,
        hidden.group_code is not null as is_suppressed,
        cast(judged.weighted_sum as double) / nullif(cast(judged.weight_sum as double), 0) as mean,
        cast(judged.weighted_square_sum as double) / nullif(cast(judged.weight_sum as double), 0) as mean_square,
        cast(judged.effective_answers as double) as effective_no,
        case judged.statistic
            when 'mean' then cast(1 as double) when 'share' then cast(100 as double)
            else cast(100 as double) / (judged.scale_max - judged.scale_min)
        end as unit_factor,
        case judged.statistic when 'index' then judged.scale_min else 0 end as unit_origin
    from judged
    left join hidden
        on
            judged.survey_code = hidden.survey_code
            and judged.year = hidden.year
            and judged.question_code = hidden.question_code
            and judged.group_code = hidden.group_code
),

-- Margin of error at 95 per cent; all of a finite population answering is not corrected for.
computed as (
    select
        *,
        cast((mean - unit_origin) * unit_factor as decimal(18, 6)) as exact_value,
        cast(
            unit_factor * 1.96 * sqrt(
                greatest(mean_square - mean * mean, 0)
                * case statistic when 'share' then 1 else effective_no / nullif(effective_no - 1, 0) end
                / effective_no
            ) as decimal(18, 6)
        ) as exact_margin
    from scaled
)

select
    computed.survey_code,
    computed.survey_name,
    computed.round_no,
    computed.year,
    coalesce(computed.board_code, case when computed.group_code = 'total' then boards.board_code end) as board_code,
    computed.question_code,
    computed.question_text,
    computed.statistic,
    computed.group_code,
    computed.group_name,
    case when not computed.is_suppressed then computed.respondents end as respondents,
    case when not computed.is_suppressed then computed.answers end as answers,
    {% for name, exact in {'value': 'exact_value', 'margin_of_error': 'exact_margin'}.items() %}
    cast(
        case
            when not computed.is_suppressed
                then
                    case computed.decimals
                        when 0 then round(computed.{{ exact }}, 0)
                        when 1 then round(computed.{{ exact }}, 1)
                        else round(computed.{{ exact }}, 2)
                    end
        end as decimal(18, 4)
    ) as {{ name }},
    {% endfor %}
    computed.unit,
    computed.decimals,
    computed.is_suppressed,
    case
        when computed.is_suppressed then 'Visas inte: för få svar, eller så skulle enskildas svar kunna räknas fram.'
    end as suppression_reason
from computed
left join boards
    on
        computed.survey_code = boards.survey_code
        and computed.year = boards.year
order by computed.survey_code, computed.year, computed.question_code, computed.group_code
