select
    run_id,
    source_code,
    mart,
    check_name,
    severity,
    passed,
    failed_rows,
    total_rows,
    who_fixes,
    description
from {{ ref('stg_checks__results') }}
order by run_id, source_code nulls last, mart nulls last, check_name
