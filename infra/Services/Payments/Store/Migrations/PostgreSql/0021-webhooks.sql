-- The same tables as Sqlite/0021-webhooks.sql: change both together.

-- How far a reader of the events has come.
create table event_readers (
    name text primary key,
    position bigint not null
);

create table webhooks (
    id text primary key,
    url text not null,
    types text not null,
    secret text,
    previous_secret text,
    previous_until bigint,
    position bigint not null,
    generation bigint not null default 1,
    state text not null check (state in ('active', 'disabled', 'deleted')),
    reason text,
    created_by text not null,
    created_at bigint not null,
    updated_at bigint not null
);

create table webhook_deliveries (
    number bigint generated always as identity primary key,
    webhook text not null references webhooks (id),
    -- Counts replays: an event is queued once in each.
    generation bigint not null,
    position bigint not null references event_positions (position),
    subject text not null,
    state text not null check (state in ('waiting', 'delivered', 'replaced')),
    attempts bigint not null default 0,
    first_at bigint,
    next_at bigint not null,
    status bigint,
    problem text,
    delivered_at bigint,
    created_at bigint not null,
    unique (webhook, generation, position)
);
create index webhook_deliveries_waiting on webhook_deliveries (webhook, subject, number) where state = 'waiting';
create index webhook_deliveries_oldest on webhook_deliveries (webhook, number) where state = 'waiting';
create index webhook_deliveries_list on webhook_deliveries (webhook, number);
