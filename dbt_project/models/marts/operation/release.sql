select
    release_id,
    published_at,
    run_id,
    git_sha,
    data_from,
    data_to,
    checks_passed,
    checks_warned
from {{ ref('stg_releases__release') }}
order by published_at, release_id
