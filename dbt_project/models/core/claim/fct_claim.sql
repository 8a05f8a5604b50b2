with

claims as (
    select
        *,
        {{ half_step('claimed_decimals') }} as half_step,
        coalesce(claimed_rank, 1) as last_place
    from {{ ref('stg_statement__claims') }}
),

named as (
    select
        claims.statement_id,
        claims.claim_no,
        'figure' as role,
        numbers.number as operand_no,
        split_part(claims.figure_ids, ';', numbers.number) as pattern
    from claims
    inner join {{ numbers(40) }} on numbers.number <= {{ listed_count('claims.figure_ids', ';') }}
    union all
    select
        claims.statement_id,
        claims.claim_no,
        'against' as role,
        numbers.number as operand_no,
        split_part(claims.against_ids, ';', numbers.number) as pattern
    from claims
    inner join {{ numbers(40) }} on numbers.number <= {{ listed_count('claims.against_ids', ';') }}
    union all
    select
        statement_id,
        claim_no,
        'share_of' as role,
        1 as operand_no,
        share_of_id as pattern
    from claims
    where share_of_id is not null
),

-- A star stands for one part of the id, whatever it is.
starred as (
    select distinct pattern -- each once, however many claims have it
    from named
    where pattern like '%*%'
),

patterns as (
    select
        starred.pattern,
        figures.figure_id
    from starred
    inner join {{ ref('figure') }} as figures
        on
            substring(figures.figure_id, 1, length(split_part(starred.pattern, '*', 1)))
            = split_part(starred.pattern, '*', 1)
            and right(figures.figure_id, length(split_part(starred.pattern, '*', 2)))
            = split_part(starred.pattern, '*', 2)
            and {{ listed_count('figures.figure_id', '/') }} = {{ listed_count('starred.pattern', '/') }}
),

operands as (
    select
        named.*,
        claims.relation,
        figures.figure_id,
        figures.label,
        figures.value,
        figures.unit,
        figures.decimals,
        figures.is_suppressed,
        figures.column_id,
        figures.year,
        figures.value_year,
        -- A star may well find nothing to count.
        figures.figure_id is null and not (claims.relation = 'count' and named.pattern like '%*%') as is_unknown
    from named
    inner join claims on named.statement_id = claims.statement_id and named.claim_no = claims.claim_no
    left join patterns on named.pattern = patterns.pattern
    left join {{ ref('figure') }} as figures on coalesce(patterns.figure_id, named.pattern) = figures.figure_id
),

-- What keeps the claim from being tried at all, and what it is about.
gathered as (
    select
        statement_id,
        claim_no,
        {{ text_list('case when is_unknown then pattern end', distinct=true) }} as unknown_figures,
        count_if(figure_id is not null and value is null) as without_value,
        min(case when figure_id is not null and value is null then label end) as label_without_value,
        bool_or(coalesce(is_suppressed, false) and value is null) as is_withheld,
        count_if(role = 'against') as against_count,
        max(case when role = 'share_of' then value end) as whole,
        max(case when role = 'share_of' then label end) as whole_label,
        min(case when role <> 'share_of' then unit end) as unit,
        count(distinct case when role <> 'share_of' then unit end) as units,
        count(distinct figure_id) as compared,
        {{ text_list("case when role <> 'share_of' then coalesce(figure_id, pattern) end", distinct=true) }}
            as compared_ids,
        max(case when role = 'against' then value_year end) as against_year
    from operands
    group by statement_id, claim_no
),

-- Each figure beside the one it is compared with: the one in the same place, or the only one.
paired as (
    select
        figures.*,
        others.label as other_label,
        others.value as other_value,
        coalesce(
            others.value,
            case
                when gathered.against_count = 0
                    then cast(claims.claimed_value as decimal(28, 4)) * {{ unit_factor('claims.claimed_unit') }}
            end
        ) as bound,
        {{ as_published('figures.value', 'figures.decimals') }} = {{ as_published('others.value', 'figures.decimals') }}
            as is_same,
        row_number() over (
            partition by figures.statement_id, figures.claim_no
            order by figures.operand_no asc, figures.figure_id asc
        ) as place_in_claim
    from operands as figures
    inner join claims on figures.statement_id = claims.statement_id and figures.claim_no = claims.claim_no
    left join gathered on figures.statement_id = gathered.statement_id and figures.claim_no = gathered.claim_no
    left join operands as others
        on
            figures.statement_id = others.statement_id
            and figures.claim_no = others.claim_no
            and others.role = 'against'
            and others.operand_no = least(figures.operand_no, gathered.against_count)
            and claims.relation not in ('largest', 'smallest')
    where figures.role = 'figure'
),

-- The place of each figure among all that the claim names.
places as (
    select
        figures.statement_id,
        figures.claim_no,
        figures.figure_id,
        1 + count(distinct others.figure_id) as place
    from paired as figures
    left join operands as others
        on
            figures.statement_id = others.statement_id
            and figures.claim_no = others.claim_no
            and (
                (figures.relation = 'largest' and others.value > figures.value)
                or (figures.relation = 'smallest' and others.value < figures.value)
            )
    where figures.relation in ('largest', 'smallest')
    group by figures.statement_id, figures.claim_no, figures.figure_id
),

compared as (
    select
        paired.statement_id,
        paired.claim_no,
        sum(paired.value) as total,
        sum({{ more_than('paired.value', 'paired.bound') }}) as more,
        bool_and({{ more_than('paired.value', 'paired.bound') }} > 0) as are_more,
        bool_and({{ more_than('paired.value', 'paired.bound') }} < 0) as are_less,
        bool_and(paired.is_same) as are_same,
        -- Of no figure at all nothing is counted, which is a number too.
        coalesce(count_if(paired.value <> 0), 0) as counted,
        count_if(paired.value >= paired.other_value) as reaching,
        max(places.place) as place,
        max(case when paired.column_id in ('change', 'difference') then paired.year - 1 end) as base_year,
        max(case when paired.place_in_claim = 1 then paired.figure_id end) as figure_id,
        max(case when paired.place_in_claim = 1 then paired.label end) as label,
        max(case when paired.place_in_claim = 1 then paired.value end) as value,
        max(case when paired.place_in_claim = 1 then paired.decimals end) as decimals,
        max(case when paired.place_in_claim = 1 then paired.other_label end) as other_label,
        max(case when paired.place_in_claim = 1 then paired.other_value end) as other_value,
        count(*) as figures
    from paired
    left join places
        on
            paired.statement_id = places.statement_id
            and paired.claim_no = places.claim_no
            and paired.figure_id = places.figure_id
    group by paired.statement_id, paired.claim_no
),

-- What the figures say of the claim, in their own unit, and whether they go the way it says.
answered as (
    select
        claims.*,
        gathered.unknown_figures,
        gathered.units,
        gathered.is_withheld,
        gathered.without_value,
        gathered.label_without_value,
        gathered.compared,
        gathered.compared_ids,
        gathered.whole_label,
        compared.figure_id,
        compared.label,
        compared.value,
        compared.decimals,
        compared.other_label,
        compared.other_value,
        compared.figures,
        compared.place,
        coalesce(gathered.against_year, compared.base_year) as compared_year,
        case
            when claims.relation in ('largest', 'smallest', 'count') then 'antal'
            when gathered.whole_label is not null then '%'
            else gathered.unit
        end as unit,
        case
            when claims.relation in ('largest', 'smallest') then compared.place
            when claims.relation = 'count' and gathered.against_count > 0 then compared.reaching
            when claims.relation = 'count' then compared.counted
            when gathered.whole_label is not null
                then cast({{ share('compared.total', 'gathered.whole') }} * 100 as decimal(28, 8))
            when claims.relation in ('equals', 'sum') or gathered.against_count = 0 then compared.total
            else compared.more
        end as computed_value,
        case
            when claims.relation in ('largest', 'smallest') then compared.place <= claims.last_place
            when claims.relation in ('greater', 'increased') then compared.are_more
            when claims.relation in ('less', 'decreased') then compared.are_less
            when claims.relation = 'equals' and claims.claimed_value is null then compared.are_same
            else true
        end as goes_that_way,
        claims.claimed_value is not null
        and not (claims.relation in ('greater', 'less') and gathered.against_count = 0) as has_amount
    from claims
    left join gathered on claims.statement_id = gathered.statement_id and claims.claim_no = gathered.claim_no
    left join compared on claims.statement_id = compared.statement_id and claims.claim_no = compared.claim_no
),

-- Where some of those compared are not told, only that another is larger can be known.
hindered as (
    select
        *,
        case
            when not_held is not null then not_held
            when unknown_figures is not null
                then 'Siffran ' || unknown_figures || ' finns inte: kontrollera id:t mot tabellen figure.'
            when units > 1 then 'Siffrorna har olika enheter och kan inte jämföras.'
            when relation in ('largest', 'smallest') and not goes_that_way then null
            when relation in ('largest', 'smallest') and without_value > 0
                then
                    cast(without_value as string) || ' av ' || cast(compared as string)
                    || ' jämförda siffror visas inte eller saknas, så platsen går inte att avgöra.'
            when is_withheld
                then label_without_value || ' visas inte: gruppen är för liten, eller skulle gå att räkna ut.'
            when label_without_value is not null then label_without_value || ' saknar värde.'
        end as obstacle
    from answered
)

select
    statement_id,
    claim_no,
    board_code,
    year,
    statement_text,
    relation,
    claimed_value,
    claimed_decimals,
    is_signed,
    claimed_unit,
    base_year,
    last_place,
    figure_id,
    label,
    unit,
    decimals,
    cast(computed_value as decimal(28, 8)) as computed_value,
    compared_year,
    compared_ids,
    goes_that_way,
    has_amount,
    obstacle,
    unknown_figures,
    case
        when relation in ('largest', 'smallest')
            then label || ' har plats ' || cast(place as string) || ' av ' || cast(compared as string)
        when relation = 'count' then 'Antalet är ' || {{ printed_number('computed_value', 0) }}
        when whole_label is not null
            then
                label || ', som andel av ' || whole_label || ', är '
                || {{ printed_number('computed_value', 'coalesce(claimed_decimals, 1)') }} || ' %'
        when relation = 'sum' then 'Summan är ' || {{ printed_figure('computed_value', 'unit', 'decimals') }}
        when other_label is not null
            then
                label || ' är ' || {{ printed_figure('value', 'unit', 'decimals') }} || '; ' || other_label || ' är '
                || {{ printed_figure('other_value', 'unit', 'decimals') }}
                || case
                    when has_amount
                        then '; skillnaden är ' || {{ printed_figure('abs(computed_value)', 'unit', 'decimals') }}
                    else ''
                end
        else label || ' är ' || {{ printed_figure('value', 'unit', 'decimals') }}
    end as finding
from hindered
