-- The same tables as PostgreSql/0071-audit-checkpoints.sql: change both together.

-- Where the books were read up to a posting, so that the next audit begins there. Each continues the one before.
create table audit_checkpoints (
    number bigint primary key,
    -- Of its last posting.
    sequence bigint not null unique,
    -- Since the checkpoint before.
    postings bigint not null,
    -- SHA-256 of the digest before, of each posting since, and of the sums.
    digest text not null,
    -- What all postings up to here sum to: a JSON object of accounts, with an object of assets each.
    sums text not null,
    created_at bigint not null
);
create trigger audit_checkpoints_append_only_update before update on audit_checkpoints begin select raise(abort, 'audit_checkpoints is append-only'); end;
create trigger audit_checkpoints_append_only_delete before delete on audit_checkpoints begin select raise(abort, 'audit_checkpoints is append-only'); end;
