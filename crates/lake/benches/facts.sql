-- The shipped set's policies on the action `train` for the purpose `model-improvement`, by hand: a
-- bit for each, in the order of facts.py. {facts} is the file, {now} the instant. What can be absent
-- is never equal to, before or after anything; the other columns are there in every row.
select
    store, conversation, message, part, copy,
    case when store = 'feedback' then
        (feedback_at + interval 1826 day > {now})::integer * 8
    else
        coalesce(plan in ('free', 'pro', 'max') and choice = 'on'
            and last_activity >= choice_since, false)::integer
        + coalesce(plan in ('free', 'pro', 'max')
            and last_activity >= trusted_tester_since, false)::integer * 2
        + coalesce(plan = 'api' and last_activity >= development_partner_since, false)::integer * 4
        + (origin = 'connector')::integer * 16
        + incognito::integer * 32
        + (deleted_at is not null)::integer * 64
        + (account_closed_at is not null)::integer * 128
        + (account_held or conversation_held)::integer * 256
        + (not adult)::integer * 512
        + (coalesce(plan in ('team', 'enterprise', 'work', 'gov', 'education', 'api'), false)
            and not (plan = 'api' and development_partner_since is not null))::integer * 1024
    end as policies
from read_parquet('{facts}')
