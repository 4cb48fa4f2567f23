-- The shipped set's policies on the action `train` for the purpose `model-improvement`, by hand.
-- {facts} is the file, {now} the instant. What is absent is never equal to, before or after anything.
select
    store, conversation, message, part, copy,
    case when store = 'feedback' then
        (coalesce(feedback_at + interval 1826 day > {now}, false))::integer << 3
    else
        (coalesce(plan in ('free', 'pro', 'max') and choice = 'on'
            and last_activity >= choice_since, false))::integer
        | (coalesce(plan in ('free', 'pro', 'max')
            and last_activity >= trusted_tester_since, false))::integer << 1
        | (coalesce(plan = 'api' and last_activity >= development_partner_since, false))::integer << 2
        | (origin = 'connector')::integer << 4
        | incognito::integer << 5
        | (deleted_at is not null)::integer << 6
        | (account_closed_at is not null)::integer << 7
        | (account_held or conversation_held)::integer << 8
        | (not adult)::integer << 9
        | (coalesce(plan in ('team', 'enterprise', 'work', 'gov', 'education', 'api'), false)
            and not (plan = 'api' and development_partner_since is not null))::integer << 10
    end as policies
from read_parquet('{facts}')
