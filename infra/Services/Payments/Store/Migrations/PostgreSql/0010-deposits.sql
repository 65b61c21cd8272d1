-- The same tables as Sqlite/0010-deposits.sql: change both together.

-- One row per chain that is watched. Whoever adds or takes back a block locks it first, so that blocks have no holes.
create table scans (
    chain text primary key,
    first_height bigint not null
);
insert into scans (chain, first_height) select chain, min(height) from blocks group by chain;

-- A deposit is in no block while it is only seen.
alter table deposits add column chain text;
update deposits set chain = (select wallets.chain from wallets where wallets.id = deposits.wallet);
alter table deposits alter column chain set not null;
alter table deposits alter column block drop not null;
alter table deposits alter column height drop not null;
-- Blocks until it is final; 0: until the chain calls its block finalized.
alter table deposits add column needed bigint;
update deposits set needed = case chain when 'bitcoin' then 6 else 0 end;
alter table deposits alter column needed set not null;
alter table deposits add column is_late bigint not null default 0 check (is_late in (0, 1));
alter table deposits add column replaced_by text;
alter table deposits add constraint placed_whole check ((block is null) = (height is null));
drop index deposits_open;
create index deposits_open on deposits (chain, height) where state = 'confirmed';
create index deposits_block on deposits (chain, height) where height is not null;
create index deposits_seen on deposits (chain, txid) where state in ('seen', 'dropped');
create index deposits_address on deposits (wallet, address);

-- What a transaction that is only seen uses up (a coin, or a nonce of a sender): another one that uses it replaces it.
create table seen_spends (
    chain text not null,
    spend text not null,
    txid text not null,
    primary key (chain, spend, txid)
);

-- What an address is to receive.
alter table addresses add column expected numeric(78, 0);
alter table addresses add column expected_asset text;

-- The block at which the books took over what the addresses of a wallet had of a token.
create table token_openings (
    wallet text not null references wallets (id),
    asset text not null,
    block bigint not null,
    primary key (wallet, asset)
);

-- A reorganisation can take back what is spent already. Then the wallet owes it, and the next deposit pays it off.
alter table balances drop constraint covered;
alter table balances add constraint covered check (amount >= 0 or account = 'world' or account like 'shortage/%');

create table reconciliations (
    id text primary key,
    chain text not null,
    requested_by text not null,
    requested_at bigint not null,
    finished_at bigint,
    height bigint,
    block text
);
create index reconciliations_open on reconciliations (chain) where finished_at is null;

create table reconciliation_results (
    reconciliation text not null references reconciliations (id),
    wallet text not null references wallets (id),
    asset text not null,
    booked numeric(78, 0) not null,
    in_flight numeric(78, 0) not null,
    on_chain numeric(78, 0) not null,
    difference numeric(79, 0) not null,
    primary key (reconciliation, wallet, asset)
);
