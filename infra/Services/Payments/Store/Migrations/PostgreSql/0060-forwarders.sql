-- The same tables as Sqlite/0060-forwarders.sql: change both together.

-- 1: its addresses are contracts that pay nobody but its sender.
alter table wallets add column has_forwarders bigint not null default 0 check (has_forwarders in (0, 1));

-- A deposit at a forwarder can be spent once a sweep has brought it to the sender.
alter table deposits add column at_forwarder bigint not null default 0 check (at_forwarder in (0, 1));
-- In its block: of the transaction for ether, of the log for a token.
alter table deposits add column place bigint not null default 0;
-- The sweep by which it is booked; null: it is at its address.
alter table deposits add column swept_by text;
-- How often it was booked as swept: more than once after a reorganisation.
alter table deposits add column sweeps bigint not null default 0;
create index deposits_unswept on deposits (wallet, asset) where at_forwarder = 1 and state = 'final' and swept_by is null;
create index deposits_swept on deposits (swept_by) where swept_by is not null;

-- What left forwarders, as the chain says, whoever asked for it. Like blocks: what a reorganisation takes back is deleted.
create table sweeps (
    id text primary key,
    wallet text not null references wallets (id),
    address text not null,
    asset text not null,
    amount numeric(78, 0) not null check (amount > 0),
    txid text not null,
    block text not null,
    height bigint not null,
    place bigint not null
);
create index sweeps_address on sweeps (address, asset, height);
create index sweeps_height on sweeps (height);

-- A transfer of a wallet to itself, which calls forwarders: only its fee leaves.
alter table transfers add column kind text not null default 'payment' check (kind in ('payment', 'sweep'));
create trigger transfers_kind_immutable before update on transfers for each row when (old.kind <> new.kind) execute function refuse_change();

-- It is no part of a daily limit.
drop trigger transfers_asked on transfers;
drop trigger transfers_not_paid on transfers;
create trigger transfers_asked after insert on transfers for each row when (new.kind = 'payment') execute function ask();
create trigger transfers_not_paid after update on transfers for each row
    when (new.kind = 'payment' and new.state in ('failed', 'replaced', 'cancelled') and old.state not in ('failed', 'replaced', 'cancelled')) execute function ask();

-- The forwarders that a sweep calls, by the positions of their addresses.
create table sweep_forwarders (
    transfer text not null references transfers (id),
    position bigint not null,
    primary key (transfer, position)
);
create trigger sweep_forwarders_append_only before update or delete on sweep_forwarders for each row execute function refuse_change();

-- A rule for each asset and for each of the two kinds.
alter table forwarding_rules add column asset text;
update forwarding_rules set asset = (select wallets.chain from wallets where wallets.id = forwarding_rules.wallet);
alter table forwarding_rules alter column asset set not null;
alter table forwarding_rules add column kind text not null default 'forward' check (kind in ('forward', 'sweep'));
alter table forwarding_rules alter column kind drop default;
-- Since when there was always something that it waits for.
alter table forwarding_rules add column waiting_since bigint;
alter table forwarding_rules drop constraint forwarding_rules_pkey;
alter table forwarding_rules add primary key (wallet, asset, kind);

drop trigger forwarding_transfers_append_only on forwarding_transfers;
alter table forwarding_transfers add column asset text;
update forwarding_transfers set asset = (select wallets.chain from wallets where wallets.id = forwarding_transfers.wallet);
alter table forwarding_transfers alter column asset set not null;
alter table forwarding_transfers add column kind text not null default 'forward';
alter table forwarding_transfers alter column kind drop default;
alter table forwarding_transfers drop constraint forwarding_transfers_pkey;
alter table forwarding_transfers add primary key (wallet, asset, kind, round, part);
create trigger forwarding_transfers_append_only before update or delete on forwarding_transfers for each row execute function refuse_change();
