-- The same tables as PostgreSql/0082-forwarder-salts.sql: change both together.

-- What the salts of new forwarders are made from, sealed; null: their positions are their salts, which everybody can compute.
alter table wallets add column salt_secret text;
-- Of a forwarder, in hexadecimal: what was given out is swept by it, whatever becomes of the secret. Null: its position is its salt.
alter table addresses add column salt text;
create trigger addresses_salt_immutable before update on addresses when old.salt is not new.salt begin select raise(abort, 'addresses keep their salts'); end;
