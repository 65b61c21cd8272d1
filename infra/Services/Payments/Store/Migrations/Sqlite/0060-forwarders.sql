-- The same tables as PostgreSql/0060-forwarders.sql: change both together.

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
    amount text not null check (amount not glob '*[^0-9]*' and amount not glob '0*' and length(amount) between 1 and 78),
    txid text not null,
    block text not null,
    height bigint not null,
    place bigint not null
);
create index sweeps_address on sweeps (address, asset, height);
create index sweeps_height on sweeps (height);

-- A transfer of a wallet to itself, which calls forwarders: only its fee leaves.
alter table transfers add column kind text not null default 'payment' check (kind in ('payment', 'sweep'));
create trigger transfers_kind_immutable before update on transfers when old.kind <> new.kind begin select raise(abort, 'transfers is append-only'); end;

-- It is no part of a daily limit.
drop trigger transfers_asked;
drop trigger transfers_not_paid;
create trigger transfers_asked after insert on transfers when new.kind = 'payment' begin
    insert into asked (wallet, asset, width, start, amount)
        select new.wallet, new.asset, width, new.created_at - new.created_at % width, new.amount from (select 1000 as width union all select 60000 union all select 3600000) where true
    on conflict (wallet, asset, width, start) do update set amount = big_add(amount, excluded.amount);
end;
create trigger transfers_not_paid after update on transfers
    when new.kind = 'payment' and new.state in ('failed', 'replaced', 'cancelled') and old.state not in ('failed', 'replaced', 'cancelled')
begin
    update asked set amount = big_subtract(amount, new.amount)
        where wallet = new.wallet and asset = new.asset and width in (1000, 60000, 3600000) and start = new.created_at - new.created_at % width;
end;

-- The forwarders that a sweep calls, by the positions of their addresses.
create table sweep_forwarders (
    transfer text not null references transfers (id),
    position bigint not null,
    primary key (transfer, position)
);
create trigger sweep_forwarders_append_only_update before update on sweep_forwarders begin select raise(abort, 'sweep_forwarders is append-only'); end;
create trigger sweep_forwarders_append_only_delete before delete on sweep_forwarders begin select raise(abort, 'sweep_forwarders is append-only'); end;

-- A rule for each asset and for each of the two kinds. SQLite cannot change a primary key: the tables are made again.
create table forwarding_rules_new (
    wallet text not null references wallets (id),
    asset text not null,
    kind text not null check (kind in ('forward', 'sweep')),
    version bigint not null,
    document text not null,
    -- Of the last round that was begun, from 1.
    round bigint not null default 0,
    round_at bigint,
    -- Whether transfers of that round have not ended.
    is_open bigint not null default 0 check (is_open in (0, 1)),
    -- Rounds in a row that did not pay all.
    failures bigint not null default 0,
    waiting text,
    -- Since when there was always something that it waits for.
    waiting_since bigint,
    suspended_at bigint,
    suspended_by text,
    suspended_reason text,
    changed_by text not null,
    changed_at bigint not null,
    primary key (wallet, asset, kind)
);
insert into forwarding_rules_new (wallet, asset, kind, version, document, round, round_at, is_open, failures, waiting, suspended_at, suspended_by, suspended_reason, changed_by, changed_at)
    select wallet, wallets.chain, 'forward', version, document, round, round_at, is_open, failures, waiting, suspended_at, suspended_by, suspended_reason, changed_by, changed_at
    from forwarding_rules join wallets on wallets.id = forwarding_rules.wallet;
drop table forwarding_rules;
alter table forwarding_rules_new rename to forwarding_rules;

create table forwarding_transfers_new (
    wallet text not null references wallets (id),
    asset text not null,
    kind text not null,
    round bigint not null,
    part bigint not null,
    transfer text not null unique references transfers (id),
    primary key (wallet, asset, kind, round, part)
);
insert into forwarding_transfers_new select wallet, wallets.chain, 'forward', round, part, transfer from forwarding_transfers join wallets on wallets.id = forwarding_transfers.wallet;
drop table forwarding_transfers;
alter table forwarding_transfers_new rename to forwarding_transfers;
create trigger forwarding_transfers_append_only_update before update on forwarding_transfers begin select raise(abort, 'forwarding_transfers is append-only'); end;
create trigger forwarding_transfers_append_only_delete before delete on forwarding_transfers begin select raise(abort, 'forwarding_transfers is append-only'); end;
