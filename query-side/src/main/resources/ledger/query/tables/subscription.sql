-- A subscription: a column for every filter and order; the document is what readers get. All that it tells took effect by
-- effective_through and was recorded by recorded_through, and what it tells since its last milestone from effective_from and
-- recorded_from on.
create table subscription (
    tenant               text        not null,
    subscription_id      uuid        not null,
    customer_id          text        not null,
    reference            text,
    product              text        not null,
    plan                 text        not null,
    status               text        not null,
    live                 boolean     not null,
    auto_renew           boolean     not null,
    cancel_at_period_end boolean     not null,
    started_at           timestamptz not null,
    paid_through         timestamptz not null,
    ends_at              timestamptz,
    effective_from       timestamptz not null,
    recorded_from        timestamptz not null,
    effective_through    timestamptz not null,
    recorded_through     timestamptz not null,
    version              bigint      not null,
    document             json        not null
) with (fillfactor = 80);

-- What it was after every 64th of its events: a question about the past begins at one, and leaves out what lies between others.
create table subscription_milestone (
    tenant            text        not null,
    subscription_id   uuid        not null,
    version           bigint      not null,
    effective_from    timestamptz not null,
    recorded_from     timestamptz not null,
    effective_through timestamptz not null,
    recorded_through  timestamptz not null,
    document          json        not null
);

-- How many subscriptions are alike, and what they pay for a term together, in minor units.
create table holding (
    tenant        text    not null,
    status        text    not null,
    currency      text    not null,
    term_unit     text    not null,
    term_every    int     not null,
    subscriptions bigint  not null,
    charge        numeric not null,
    primary key (tenant, status, currency, term_unit, term_every)
) with (fillfactor = 50);

-- Running totals: how often each type of event happened, what was charged and credited in each currency.
create table total (
    tenant text    not null,
    kind   text    not null,
    key    text    not null,
    amount numeric not null,
    primary key (tenant, kind, key)
) with (fillfactor = 50);

-- What is used of each metric: in a period (number), or held at all times of an allocation (number -1).
create table usage (
    tenant          text   not null,
    subscription_id uuid   not null,
    metric          text   not null,
    number          int    not null,
    used            bigint not null,
    version         bigint not null
) with (fillfactor = 80);

-- What follows is made when the rows are there. An index costs with each change of what it holds, and all of them do: so they
-- hold what is filtered and ordered by, and nothing that changes more often.
alter table subscription add primary key (tenant, subscription_id);
create index subscription_customer on subscription (tenant, customer_id, subscription_id);
create index subscription_reference on subscription (tenant, reference) where reference is not null;
create index subscription_product on subscription (tenant, product, subscription_id);
create index subscription_plan on subscription (tenant, plan, subscription_id);
create index subscription_status on subscription (tenant, status, subscription_id);
create index subscription_not_renewing on subscription (tenant, subscription_id) where not auto_renew;
create index subscription_started on subscription (tenant, started_at, subscription_id);
create index subscription_paid_through on subscription (tenant, paid_through, subscription_id);
create index subscription_live_paid_through on subscription (tenant, paid_through, subscription_id) where live;
alter table subscription_milestone add primary key (tenant, subscription_id, version);
alter table usage add primary key (tenant, subscription_id, metric, number);
