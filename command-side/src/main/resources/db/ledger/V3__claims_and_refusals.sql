-- A claim is given back by its key, which its holder knows: no index by holder is kept for it.
drop index ledger.claim_stream;

-- A refusal is repeated with what it said to programs, too.
alter table ledger.idempotency add column facts json;
