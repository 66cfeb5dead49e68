-- The tables of a group of projections are made by the program that knows their shape: for each version of the group a schema,
-- and beside it one for what is built next and one for what was served before. Here is only how far each of them has come.
drop table views.subscription, views.total, views.usage, views.plan, views.plan_version, views.projection;

-- Which node moves it on (owner) it says itself; rows and position change in one transaction.
create table views.projection (
    name       text        not null,
    version    int         not null,
    stage      text        not null check (stage in ('SERVED', 'NEXT', 'PREVIOUS', 'AWAY')),
    position   bigint      not null,
    parked     int         not null default 0,
    owner      text,
    claimed_at timestamptz,
    built_at   timestamptz not null default clock_timestamp(),
    primary key (name, version, stage)
);

-- Streams with an event that could not be taken in, and from which position on they wait. belongs_to is their tenant: this is
-- for those who keep all of them.
create table views.parked (
    name       text        not null,
    version    int         not null,
    stage      text        not null,
    stream_id  uuid        not null,
    belongs_to text        not null,
    position   bigint      not null,
    type       text        not null,
    error      text        not null,
    parked_at  timestamptz not null default clock_timestamp(),
    primary key (name, version, stage, stream_id),
    foreign key (name, version, stage) references views.projection on update cascade on delete cascade
);

-- Whoever reads several tables in one snapshot shares a lock on this one first, and a switch waits for them: names mean the same
-- tables from the snapshot's first statement to its last.
create table views.switch ();

grant select on views.projection, views.parked, views.switch to ledger_query;
grant select, insert, update, delete on views.projection, views.parked to ledger_projector;

-- Who builds reads the ledger too.
do $$ begin
    grant ledger_query to ledger_projector;
exception when internal_error then
    null; -- another database of this server was faster
end $$;
