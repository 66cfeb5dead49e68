-- A plan at its current version. monthly orders the catalogue: the lowest price, as for one month.
create table plan (
    tenant   text    not null,
    slug     text    not null,
    monthly  numeric not null,
    document json    not null
);

create table plan_version (
    tenant   text not null,
    slug     text not null,
    number   int  not null,
    document json not null
);

-- What follows is made when the rows are there.
alter table plan add primary key (tenant, slug);
create index plan_price on plan (tenant, monthly, slug);
alter table plan_version add primary key (tenant, slug, number);
