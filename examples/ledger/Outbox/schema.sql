-- What the service does: a payment is a row.
create table if not exists payment (
    id bigint generated always as identity primary key,
    account text not null,
    amount numeric(20, 2) not null,
    at timestamptz not null default now()
);

-- What it has to tell the finance log, written in the same transaction: a payment without its record, or a record without its payment, cannot be committed.
create table if not exists outbox (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    -- json and not jsonb, which would write numbers anew.
    data json not null,
    -- Of the record in the ledger. The shipper gives it: a number drawn here would be lost with a transaction that is rolled back, and look like a lost record.
    number bigint unique,
    sent_at timestamptz
);

create index if not exists outbox_unnumbered on outbox (id) where number is null;
create index if not exists outbox_unsent on outbox (number) where sent_at is null and number is not null;

create table if not exists outbox_counter (last bigint not null);
insert into outbox_counter select 0 where not exists (select from outbox_counter);

-- Wakes the shipper when the transaction commits; lost when nobody listens, so it looks by itself every few seconds too.
create or replace function outbox_notify() returns trigger language plpgsql as $$
begin
    notify outbox;
    return null;
end $$;

create or replace trigger outbox_notify after insert on outbox for each statement execute function outbox_notify();
