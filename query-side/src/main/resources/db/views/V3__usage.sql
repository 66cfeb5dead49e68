-- What is used of each metric: in a period (number), or held at all times of an allocation (number -1).
create table views.usage (
    tenant          text   not null,
    subscription_id uuid   not null,
    metric          text   not null,
    number          int    not null,
    used            bigint not null,
    version         bigint not null,
    primary key (tenant, subscription_id, metric, number)
) with (fillfactor = 80);

-- Who has what: the hot path asks for a customer's live subscriptions.
create index subscription_live_customer on views.subscription (tenant, customer_id) where live;

select views.keep_tenants_apart('views.usage');
