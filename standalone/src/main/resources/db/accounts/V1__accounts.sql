-- Whom the built-in issuer gives tokens to. E-mail addresses are here and nowhere else: events know customers by opaque ids.

do $$
begin
    begin
        if not exists (select from pg_roles where rolname = 'ledger_accounts') then
            create role ledger_accounts nologin;
        end if;
    exception when duplicate_object or unique_violation then
        null; -- another node, or another database of this server, was faster
    end;
    grant ledger_accounts to current_user;
end $$;

create table accounts.account (
    customer_id text        primary key,
    email       text        not null unique,
    password    text        not null,
    created_at  timestamptz not null default clock_timestamp()
);

-- A refresh token is good once. All that descend from one login are a family, which ends when one of them comes twice.
create table accounts.refresh_token (
    hash        bytea       primary key,
    family      uuid        not null,
    customer_id text        not null references accounts.account on delete cascade,
    expires_at  timestamptz not null,
    used        boolean     not null default false
);
create index refresh_token_family on accounts.refresh_token (family);
create index refresh_token_customer on accounts.refresh_token (customer_id);

create table accounts.client (
    client_id  text        primary key,
    secret     text        not null,
    tenant     text        not null,
    roles      text[]      not null,
    created_at timestamptz not null default clock_timestamp()
);

-- The newest one that does not retire signs; the others are published until whatever they signed has ended.
create table accounts.signing_key (
    kid        text        primary key,
    jwk        text        not null,
    created_at timestamptz not null default clock_timestamp(),
    retires_at timestamptz
);

grant usage on schema accounts to ledger_accounts;
grant select, insert, update, delete on accounts.account, accounts.refresh_token, accounts.client, accounts.signing_key
    to ledger_accounts;
