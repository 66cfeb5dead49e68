-- The Merkle tree over the ledger, and every state of it that was signed. Nothing in here is ever changed.

do $$
begin
    begin
        if not exists (select from pg_roles where rolname = 'ledger_sealer') then
            create role ledger_sealer nologin;
        end if;
    exception when duplicate_object or unique_violation then
        null; -- another node, or another database of this server, was faster
    end;
    grant ledger_query to ledger_sealer; -- it reads what readers read
    grant ledger_sealer to current_user;
end $$;

-- The keys that checkpoints are signed with, as signed notes write them: name+hash+base64.
create table seal.key (
    verifier text        primary key,
    since    timestamptz not null default clock_timestamp()
);

-- A state of the tree that was signed, and the hashes of the leaves that it added to the one before, 32 bytes each.
-- As each has one successor at most, there is one history, however many sealers there are.
create table seal.checkpoint (
    size      bigint      primary key,
    previous  bigint      unique references seal.checkpoint (size),
    root      bytea       not null,
    note      text        not null,
    hashes    bytea       not null,
    sealed_at timestamptz not null default clock_timestamp(),
    constraint checkpoint_grows check (previous < size or (previous is null and size = 0)),
    constraint checkpoint_is_complete check (length(hashes) = 32 * (size - coalesce(previous, 0)))
);
alter table seal.checkpoint alter hashes set storage external; -- hashes cannot be compressed, and are read in parts

-- The hash of each complete subtree of 256 leaves and more: subtree n of a level covers the leaves from n * 2^level on.
create table seal.subtree (
    level  smallint not null,
    number bigint   not null,
    hash   bytea    not null,
    primary key (level, number)
);

create function seal.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'seal.% is append-only: % is refused', tg_table_name, tg_op using errcode = 'insufficient_privilege';
end $$;

do $$
declare sealed text;
begin
    foreach sealed in array array['key', 'checkpoint', 'subtree'] loop
        execute format('create trigger is_append_only before update or delete on seal.%I '
            'for each row execute function seal.refuse_change()', sealed);
        execute format('create trigger is_never_truncated before truncate on seal.%I '
            'for each statement execute function seal.refuse_change()', sealed);
    end loop;
end $$;

grant usage on schema seal to ledger_query;
grant select on seal.key, seal.checkpoint, seal.subtree to ledger_query;
grant insert on seal.key, seal.checkpoint, seal.subtree to ledger_sealer;
