-- What is remembered: tables that can be made again from the ledger at any time. Every row belongs to one tenant.

do $$
begin
    begin
        if not exists (select from pg_roles where rolname = 'ledger_query') then
            create role ledger_query nologin;
        end if;
    exception when duplicate_object or unique_violation then
        null; -- another node, or another database of this server, was faster
    end;
    grant ledger_query to current_user;
end $$;

-- How far each group of projections has come, and which node moves it on. Rows and position change in one transaction.
create table views.projection (
    name       text        primary key,
    position   bigint      not null,
    owner      text,
    claimed_at timestamptz
);

-- A subscription: a column for every filter, order and sum; the document is what readers get.
create table views.subscription (
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
    currency             text        not null,
    term_unit            text        not null,
    term_every           int         not null,
    charge               bigint      not null,
    version              bigint      not null,
    document             json        not null,
    primary key (tenant, subscription_id)
) with (fillfactor = 80);
create index subscription_customer on views.subscription (tenant, customer_id, subscription_id);
create index subscription_reference on views.subscription (tenant, reference) where reference is not null;
create index subscription_product on views.subscription (tenant, product, subscription_id);
create index subscription_plan on views.subscription (tenant, plan, subscription_id);
create index subscription_status on views.subscription (tenant, status, subscription_id)
    include (ends_at, cancel_at_period_end, currency, term_unit, term_every, charge); -- all that statistics read
create index subscription_not_renewing on views.subscription (tenant, subscription_id) where not auto_renew;
create index subscription_started on views.subscription (tenant, started_at, subscription_id);
create index subscription_paid_through on views.subscription (tenant, paid_through, subscription_id);
create index subscription_live_paid_through on views.subscription (tenant, paid_through, subscription_id) where live;
create index subscription_ends on views.subscription (tenant, ends_at) where ends_at is not null;

-- Running totals: how often each type of event happened, what was charged and credited in each currency.
create table views.total (
    tenant text    not null,
    kind   text    not null,
    key    text    not null,
    amount numeric not null,
    primary key (tenant, kind, key)
) with (fillfactor = 50);

-- A plan at its current version. monthly orders the catalogue: the lowest price, as for one month.
create table views.plan (
    tenant   text    not null,
    slug     text    not null,
    monthly  numeric not null,
    document json    not null,
    primary key (tenant, slug)
);
create index plan_price on views.plan (tenant, monthly, slug);

create table views.plan_version (
    tenant   text not null,
    slug     text not null,
    number   int  not null,
    document json not null,
    primary key (tenant, slug, number)
);

grant usage on schema views to ledger_query;
grant select, insert, update, delete on all tables in schema views to ledger_query;
revoke all on views.flyway_schema_history from ledger_query;
