-- The truth: events, and what must be committed with them.

do $$
declare side text;
begin
    foreach side in array array['ledger_command', 'ledger_query'] loop
        begin
            if not exists (select from pg_roles where rolname = side) then
                execute format('create role %I nologin', side);
            end if;
        exception when duplicate_object or unique_violation then
            null; -- another node, or another database of this server, was faster
        end;
        execute format('grant %I to current_user', side);
    end loop;
end $$;

-- Every fact, in the order of its commit: positions are 1, 2, 3 … without gaps across all nodes and tenants.
-- payload and metadata are json, not jsonb: what was stored is returned byte for byte.
create table ledger.event (
    position     bigint      primary key,
    tenant       text        not null,
    stream_id    uuid        not null,
    stream_type  text        not null,
    version      bigint      not null,
    event_id     uuid        not null,
    type         text        not null,
    revision     int         not null,
    effective_at timestamptz not null,
    recorded_at  timestamptz not null default clock_timestamp(),
    payload      json        not null,
    metadata     json        not null,
    constraint event_stream_version unique (stream_id, version)
);

create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'ledger.event is append-only: % is refused', tg_op using errcode = 'insufficient_privilege';
end $$;

create trigger event_is_append_only before update or delete on ledger.event
    for each row execute function ledger.refuse_change();
create trigger event_is_never_truncated before truncate on ledger.event
    for each statement execute function ledger.refuse_change();

-- What makes a rule about a set hold: a stream holds a slot of a key. Exclusive keys have one slot.
create table ledger.claim (
    tenant    text not null,
    scope     text not null,
    key       text not null,
    slot      int  not null,
    stream_id uuid not null,
    primary key (tenant, scope, key, slot)
);
create index claim_stream on ledger.claim (stream_id);

-- The next deadline of each live stream. A node that fires it holds a lease; a lease that ran out is fired again.
create table ledger.due (
    stream_id    uuid        primary key,
    tenant       text        not null,
    due_at       timestamptz not null,
    what         text        not null,
    simulated    boolean     not null,
    leased_until timestamptz
);
create index due_live on ledger.due (due_at) where not simulated;
create index due_simulated on ledger.due (tenant, due_at) where simulated;

-- Each tenant's time: simulated where now is given, which it can become only until its first event (used).
create table ledger.clock (
    tenant text        primary key,
    used   boolean     not null,
    now    timestamptz
);

-- The first answer to each idempotency key, for ever: a version of a stream, from which the body is made again, or a problem.
create table ledger.idempotency (
    tenant    text  not null,
    actor     text  not null,
    key       text  not null,
    request   bytea not null,
    stream_id uuid,
    version   bigint,
    position  bigint,
    problem   text,
    detail    text,
    primary key (tenant, actor, key)
);

grant usage on schema ledger to ledger_command, ledger_query;
grant select, insert on ledger.event to ledger_command;
grant select, insert, delete on ledger.claim to ledger_command;
grant select, insert, update, delete on ledger.due to ledger_command;
grant select, insert, update on ledger.clock to ledger_command;
grant select, insert on ledger.idempotency to ledger_command;
grant select on ledger.event, ledger.claim, ledger.due, ledger.clock to ledger_query;
