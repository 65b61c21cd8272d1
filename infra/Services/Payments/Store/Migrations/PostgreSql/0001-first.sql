-- The same tables as Sqlite/0001-first.sql: change both together. Times are milliseconds since 1970, amounts base units of the asset.

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
    amount numeric(78, 0) not null check (amount > 0),
    max_fee numeric(78, 0) not null check (max_fee > 0),
    fee numeric(78, 0),
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
    fee_rate numeric(78, 0) not null,
    max_fee numeric(78, 0) not null,
    created_at bigint not null,
    broadcast_at bigint,
    primary key (transfer, number)
);

create table coins (
    outpoint text primary key,
    wallet text not null references wallets (id),
    branch bigint not null,
    position bigint not null,
    amount numeric(78, 0) not null check (amount > 0),
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
    amount numeric(78, 0) not null check (amount > 0),
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
    sequence bigint generated always as identity primary key,
    cause text not null unique,
    at bigint not null,
    asset text not null,
    source text not null,
    target text not null,
    amount numeric(78, 0) not null check (amount > 0),
    check (source <> target)
);

create table balances (
    account text not null,
    asset text not null,
    amount numeric(78, 0) not null,
    primary key (account, asset),
    -- Nobody spends what is not there, whatever a program believes: only the world outside may owe.
    constraint covered check (amount >= 0 or account = 'world')
);

create table outbox (
    sequence bigint generated always as identity primary key,
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

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

create trigger postings_append_only before update or delete on postings for each row execute function refuse_change();
create trigger postings_no_truncate before truncate on postings for each statement execute function refuse_change();
create trigger outbox_append_only before update or delete on outbox for each row execute function refuse_change();
create trigger approvals_append_only before update or delete on approvals for each row execute function refuse_change();
create trigger nonces_append_only before update or delete on nonces for each row execute function refuse_change();
create trigger attempts_kept before delete on attempts for each row execute function refuse_change();
create trigger attempts_immutable before update on attempts for each row
    when (old.raw <> new.raw or old.txid <> new.txid or old.transfer <> new.transfer or old.number <> new.number or old.purpose <> new.purpose)
    execute function refuse_change();

create function post_balances() returns trigger language plpgsql as $$
begin
    insert into balances (account, asset, amount) select account, new.asset, 0 from (values (new.source), (new.target)) as both_sides (account) order by account
        on conflict do nothing;
    -- In one order, so that two postings between the same accounts do not wait for each other.
    perform 1 from balances where asset = new.asset and account in (new.source, new.target) order by account for update;
    update balances set amount = amount - new.amount where account = new.source and asset = new.asset;
    update balances set amount = amount + new.amount where account = new.target and asset = new.asset;
    return null;
end $$;

create trigger postings_balances after insert on postings for each row execute function post_balances();

create function keep_ended() returns trigger language plpgsql as $$
begin
    raise exception 'transfer % is %, which is an end', old.id, old.state using errcode = 'restrict_violation';
end $$;

create trigger transfers_end before update on transfers for each row
    when (old.state in ('final', 'failed', 'replaced', 'cancelled') and old.state <> new.state) execute function keep_ended();
create trigger transfers_immutable before update on transfers for each row
    when (old.destination <> new.destination or old.amount <> new.amount or old.asset <> new.asset or old.wallet <> new.wallet or old.max_fee <> new.max_fee) execute function refuse_change();
create trigger transfers_kept before delete on transfers for each row execute function refuse_change();
