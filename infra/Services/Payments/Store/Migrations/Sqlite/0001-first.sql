-- The same tables as PostgreSql/0001-first.sql: change both together. Times are milliseconds since 1970, amounts base units of the asset.
-- SQLite has no number that holds 2^256: amounts are texts of digits, and big_add and big_subtract are functions of the service (SqliteDatabase.cs).

create table wallets (
    id text primary key,
    chain text not null,
    name text not null unique,
    extended_key text,
    script text not null,
    signing_key text,
    sender text,
    next_index bigint not null default 0,
    next_change bigint not null default 0,
    gap_limit bigint not null default 20,
    opened_block bigint,
    created_at bigint not null
);
-- One account on the chain is one sequence of nonces: two wallets over it would book the same coins twice.
create unique index wallets_sender on wallets (chain, sender);
create unique index wallets_extended_key on wallets (chain, extended_key, script);

create table addresses (
    id text primary key,
    wallet text not null references wallets (id),
    branch bigint not null,
    position bigint not null,
    chain text not null,
    address text not null,
    label text,
    metadata text,
    expires_at bigint,
    used_at bigint,
    created_at bigint not null,
    unique (wallet, branch, position),
    unique (chain, address)
);

create table policies (
    wallet text not null references wallets (id),
    version bigint not null,
    document text not null,
    active_at bigint not null,
    created_by text not null,
    created_at bigint not null,
    primary key (wallet, version)
);

create table destinations (
    wallet text not null references wallets (id),
    address text not null,
    label text,
    active_at bigint not null,
    created_by text not null,
    created_at bigint not null,
    primary key (wallet, address)
);

create table switches (
    name text primary key,
    is_on bigint not null check (is_on in (0, 1)),
    reason text,
    changed_by text not null,
    changed_at bigint not null
);

create table api_keys (
    id text primary key,
    name text not null unique,
    hash text not null unique,
    scopes text not null,
    revoked_at bigint,
    created_at bigint not null
);

create table idempotency_keys (
    key text primary key,
    request_hash text not null,
    claim text not null,
    claimed_at bigint not null,
    status bigint,
    body text,
    constraint answered_whole check ((status is null) = (body is null))
);

create table transfers (
    id text primary key,
    wallet text not null references wallets (id),
    chain text not null,
    asset text not null,
    fee_asset text not null,
    destination text not null,
    amount text not null check (amount not glob '*[^0-9]*' and amount not glob '0*' and length(amount) between 1 and 78),
    max_fee text not null check (max_fee not glob '*[^0-9]*' and max_fee not glob '0*' and length(max_fee) between 1 and 78),
    fee text,
    state text not null,
    confirmations bigint not null default 0,
    approvals_needed bigint not null,
    txid text,
    block text,
    reason text,
    created_by text not null,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null default 1
);
create index transfers_open on transfers (wallet, created_at) where state not in ('final', 'failed', 'replaced', 'cancelled');
create index transfers_wallet on transfers (wallet, created_at, id);

create table approvals (
    transfer text not null references transfers (id),
    approved_by text not null,
    approved_at bigint not null,
    primary key (transfer, approved_by)
);

create table nonces (
    chain text not null,
    sender text not null,
    nonce bigint not null,
    transfer text not null unique references transfers (id),
    primary key (chain, sender, nonce)
);

create table attempts (
    transfer text not null references transfers (id),
    number bigint not null,
    purpose text not null,
    txid text not null unique,
    raw text not null,
    fee_rate text not null,
    max_fee text not null,
    created_at bigint not null,
    broadcast_at bigint,
    primary key (transfer, number)
);

create table coins (
    outpoint text primary key,
    wallet text not null references wallets (id),
    branch bigint not null,
    position bigint not null,
    amount text not null check (amount not glob '*[^0-9]*' and amount not glob '0*' and length(amount) between 1 and 78),
    height bigint not null,
    reserved_by text references transfers (id),
    spent_by text,
    spent_height bigint
);
create index coins_wallet on coins (wallet, height);

create table deposits (
    id text primary key,
    wallet text not null references wallets (id),
    address text not null,
    asset text not null,
    amount text not null check (amount not glob '*[^0-9]*' and amount not glob '0*' and length(amount) between 1 and 78),
    txid text not null,
    position bigint not null,
    block text not null,
    height bigint not null,
    arrivals bigint not null,
    state text not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index deposits_open on deposits (wallet, height) where state = 'confirmed';
create index deposits_list on deposits (created_at, id);

create table blocks (
    chain text not null,
    height bigint not null,
    hash text not null,
    primary key (chain, height)
);

create table postings (
    sequence integer primary key autoincrement,
    cause text not null unique,
    at bigint not null,
    asset text not null,
    source text not null,
    target text not null,
    amount text not null check (amount not glob '*[^0-9]*' and amount not glob '0*' and length(amount) between 1 and 78),
    check (source <> target)
);

create table balances (
    account text not null,
    asset text not null,
    amount text not null,
    primary key (account, asset),
    -- Nobody spends what is not there, whatever a program believes: only the world outside may owe.
    constraint covered check (amount not like '-%' or account = 'world')
);

create table outbox (
    sequence integer primary key autoincrement,
    id text not null unique,
    at bigint not null,
    type text not null,
    subject text not null,
    data text not null
);

create table leases (
    name text primary key,
    holder text not null,
    epoch bigint not null,
    until bigint not null
);

create trigger postings_append_only_update before update on postings begin select raise(abort, 'postings is append-only'); end;
create trigger postings_append_only_delete before delete on postings begin select raise(abort, 'postings is append-only'); end;
create trigger outbox_append_only_update before update on outbox begin select raise(abort, 'outbox is append-only'); end;
create trigger outbox_append_only_delete before delete on outbox begin select raise(abort, 'outbox is append-only'); end;
create trigger approvals_append_only_update before update on approvals begin select raise(abort, 'approvals is append-only'); end;
create trigger approvals_append_only_delete before delete on approvals begin select raise(abort, 'approvals is append-only'); end;
create trigger nonces_append_only_update before update on nonces begin select raise(abort, 'nonces is append-only'); end;
create trigger nonces_append_only_delete before delete on nonces begin select raise(abort, 'nonces is append-only'); end;
create trigger attempts_kept before delete on attempts begin select raise(abort, 'attempts is append-only'); end;
create trigger attempts_immutable before update on attempts
    when old.raw <> new.raw or old.txid <> new.txid or old.transfer <> new.transfer or old.number <> new.number or old.purpose <> new.purpose
begin select raise(abort, 'attempts is append-only'); end;

create trigger postings_balances after insert on postings begin
    insert into balances (account, asset, amount) values (new.source, new.asset, '0'), (new.target, new.asset, '0') on conflict do nothing;
    update balances set amount = big_subtract(amount, new.amount) where account = new.source and asset = new.asset;
    update balances set amount = big_add(amount, new.amount) where account = new.target and asset = new.asset;
end;

create trigger transfers_end before update on transfers
    when old.state in ('final', 'failed', 'replaced', 'cancelled') and old.state <> new.state
begin select raise(abort, 'a transfer does not leave the state in which it ended'); end;
create trigger transfers_immutable before update on transfers
    when old.destination <> new.destination or old.amount <> new.amount or old.asset <> new.asset or old.wallet <> new.wallet or old.max_fee <> new.max_fee
begin select raise(abort, 'transfers is append-only'); end;
create trigger transfers_kept before delete on transfers begin select raise(abort, 'transfers is append-only'); end;
