-- The same tables as PostgreSql/0010-deposits.sql: change both together.

-- One row per chain that is watched. Whoever adds or takes back a block locks it first, so that blocks have no holes.
create table scans (
    chain text primary key,
    first_height bigint not null
);
insert into scans (chain, first_height) select chain, min(height) from blocks group by chain;

-- A deposit is in no block while it is only seen. SQLite cannot make a column nullable: the table is made again.
create table deposits_new (
    id text primary key,
    chain text not null,
    wallet text not null references wallets (id),
    address text not null,
    asset text not null,
    amount text not null check (amount not glob '*[^0-9]*' and amount not glob '0*' and length(amount) between 1 and 78),
    txid text not null,
    position bigint not null,
    block text,
    height bigint,
    arrivals bigint not null,
    -- Blocks until it is final; 0: until the chain calls its block finalized.
    needed bigint not null,
    is_late bigint not null default 0 check (is_late in (0, 1)),
    replaced_by text,
    state text not null,
    created_at bigint not null,
    updated_at bigint not null,
    constraint placed_whole check ((block is null) = (height is null))
);
insert into deposits_new (id, chain, wallet, address, asset, amount, txid, position, block, height, arrivals, needed, state, created_at, updated_at)
    select deposits.id, wallets.chain, wallet, address, asset, amount, txid, position, block, height, arrivals, case wallets.chain when 'bitcoin' then 6 else 0 end, state, deposits.created_at, updated_at
    from deposits join wallets on wallets.id = deposits.wallet;
drop table deposits;
alter table deposits_new rename to deposits;
create index deposits_open on deposits (chain, height) where state = 'confirmed';
create index deposits_block on deposits (chain, height) where height is not null;
create index deposits_seen on deposits (chain, txid) where state in ('seen', 'dropped');
create index deposits_address on deposits (wallet, address);
create index deposits_list on deposits (created_at, id);

-- What a transaction that is only seen uses up (a coin, or a nonce of a sender): another one that uses it replaces it.
create table seen_spends (
    chain text not null,
    spend text not null,
    txid text not null,
    primary key (chain, spend, txid)
);

-- What an address is to receive.
alter table addresses add column expected text;
alter table addresses add column expected_asset text;

-- The block at which the books took over what the addresses of a wallet had of a token.
create table token_openings (
    wallet text not null references wallets (id),
    asset text not null,
    block bigint not null,
    primary key (wallet, asset)
);

-- A reorganisation can take back what is spent already. Then the wallet owes it, and the next deposit pays it off.
drop trigger postings_balances;
create table balances_new (
    account text not null,
    asset text not null,
    amount text not null,
    primary key (account, asset),
    -- Nobody spends what is not there, whatever a program believes.
    constraint covered check (amount not like '-%' or account = 'world' or account like 'shortage/%')
);
insert into balances_new (account, asset, amount) select account, asset, amount from balances;
drop table balances;
alter table balances_new rename to balances;
create trigger postings_balances after insert on postings begin
    insert into balances (account, asset, amount) values (new.source, new.asset, '0'), (new.target, new.asset, '0') on conflict do nothing;
    update balances set amount = big_subtract(amount, new.amount) where account = new.source and asset = new.asset;
    update balances set amount = big_add(amount, new.amount) where account = new.target and asset = new.asset;
end;

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
    booked text not null,
    in_flight text not null,
    on_chain text not null,
    difference text not null,
    primary key (reconciliation, wallet, asset)
);
