{#- Catches rows of a file that are nowhere: neither loaded, nor quarantined, nor duplicates. -#}
select
    load_id,
    file_name,
    rows_in,
    rows_loaded + rows_quarantined + rows_duplicate as rows_accounted
from {{ ref('load') }}
where
    status = 'loaded'
    and rows_in <> rows_loaded + rows_quarantined + rows_duplicate
