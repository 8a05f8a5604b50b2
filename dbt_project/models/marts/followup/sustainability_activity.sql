select
    board_code,
    year,
    activity_no,
    principle_no,
    principle_text,
    activity_text
from {{ ref('stg_followup__sustainability') }}
order by board_code, year, activity_no
