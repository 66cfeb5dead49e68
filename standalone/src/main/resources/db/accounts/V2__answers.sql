-- What was answered to a request with an Idempotency-Key: by the hash of the key, and encrypted by the key itself.
create table accounts.answer (
    id         bytea       primary key,
    sealed     bytea,
    created_at timestamptz not null default clock_timestamp()
);
grant select, insert, update, delete on accounts.answer to ledger_accounts;
