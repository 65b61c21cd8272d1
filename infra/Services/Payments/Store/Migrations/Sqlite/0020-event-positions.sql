-- The same tables as PostgreSql/0020-event-positions.sql: change both together.
-- SQLite has one writer, so that events can have their positions at once: nothing is ever without one.

create table event_positions (
    position integer primary key,
    sequence integer not null unique references outbox (sequence)
);
insert into event_positions (sequence) select sequence from outbox order by sequence;

create table events_without_position (
    sequence integer primary key references outbox (sequence)
);

create trigger outbox_give_position after insert on outbox begin
    insert into event_positions (sequence) values (new.sequence);
end;

create trigger event_positions_append_only_update before update on event_positions begin select raise(abort, 'event_positions is append-only'); end;
create trigger event_positions_append_only_delete before delete on event_positions begin select raise(abort, 'event_positions is append-only'); end;
