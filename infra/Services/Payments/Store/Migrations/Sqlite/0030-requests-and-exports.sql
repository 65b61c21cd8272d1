-- The same tables as PostgreSql/0030-requests-and-exports.sql: change both together.

-- 1: its keys are not at a signer; transactions are exported, signed elsewhere, and handed in.
alter table wallets add column is_cold bigint not null default 0 check (is_cold in (0, 1));

-- What somebody asked of a transfer whose bytes may be anywhere already.
create table transfer_requests (
    transfer text not null references transfers (id),
    kind text not null check (kind in ('cancel', 'bump')),
    -- The newest transaction when it was asked for: a later one has answered the request.
    attempt bigint not null,
    requested_by text not null,
    requested_at bigint not null,
    primary key (transfer, kind, attempt)
);

-- Transactions to be signed by a cold key. They never change: what is handed in is compared with them.
create table exports (
    transfer text not null references transfers (id),
    number bigint not null,
    purpose text not null,
    content text not null,
    fee_rate text not null,
    max_fee text not null,
    created_at bigint not null,
    primary key (transfer, number)
);

create trigger transfer_requests_append_only_update before update on transfer_requests begin select raise(abort, 'transfer_requests is append-only'); end;
create trigger transfer_requests_append_only_delete before delete on transfer_requests begin select raise(abort, 'transfer_requests is append-only'); end;
create trigger exports_append_only_update before update on exports begin select raise(abort, 'exports is append-only'); end;
create trigger exports_append_only_delete before delete on exports begin select raise(abort, 'exports is append-only'); end;
