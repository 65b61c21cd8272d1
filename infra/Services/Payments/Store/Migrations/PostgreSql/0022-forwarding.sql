-- The same tables as Sqlite/0022-forwarding.sql: change both together.

create table forwarding_rules (
    wallet text primary key references wallets (id),
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
    suspended_at bigint,
    suspended_by text,
    suspended_reason text,
    changed_by text not null,
    changed_at bigint not null
);

-- A part of a round is one transfer, whoever else tries to make it.
create table forwarding_transfers (
    wallet text not null references wallets (id),
    round bigint not null,
    part bigint not null,
    transfer text not null unique references transfers (id),
    primary key (wallet, round, part)
);
create trigger forwarding_transfers_append_only before update or delete on forwarding_transfers for each row execute function refuse_change();
