-- Times are nanoseconds since 1970-01-01 UTC. Ids are the 16 bytes of a UUID of version 7, so they sort by age.

CREATE TABLE jobs (
    id               BLOB    NOT NULL PRIMARY KEY,
    status           TEXT    NOT NULL,  -- a JobStatus, or WITHDRAWN: refused after it was admitted, shown to nobody
    progress         INTEGER NOT NULL,
    attempt          INTEGER NOT NULL,
    sequence         INTEGER NOT NULL,
    cancel_requested INTEGER NOT NULL,
    event_count      INTEGER NOT NULL,  -- rows in events
    submitted_at     INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    queued_at        INTEGER,           -- null until the broker has confirmed the job's message
    ended_at         INTEGER,
    simulation_type  TEXT    NOT NULL,
    requester        TEXT    NOT NULL,
    traceparent      TEXT,
    message          TEXT,
    idempotency_key  TEXT,
    request_hash     TEXT,
    parameters       TEXT    NOT NULL
) STRICT;

CREATE INDEX jobs_by_status ON jobs (status, id);
CREATE INDEX jobs_by_type ON jobs (simulation_type, id);
CREATE INDEX jobs_by_submission ON jobs (submitted_at);
CREATE INDEX jobs_unconfirmed ON jobs (submitted_at) WHERE queued_at IS NULL AND status = 'SUBMITTED';
CREATE INDEX jobs_by_end ON jobs (ended_at) WHERE ended_at IS NOT NULL;

-- Apart from jobs: a result may be large, and is read alone.
CREATE TABLE results (
    job_id BLOB NOT NULL PRIMARY KEY,
    json   TEXT NOT NULL
) STRICT;

-- The event at (0, 0) is not stored: the job's own row tells it. Nor is the result of a COMPLETED one: it is in results.
CREATE TABLE events (
    job_id      BLOB    NOT NULL,
    attempt     INTEGER NOT NULL,
    sequence    INTEGER NOT NULL,
    status      TEXT    NOT NULL,
    progress    INTEGER NOT NULL,
    message     TEXT,
    occurred_at INTEGER NOT NULL,
    PRIMARY KEY (job_id, attempt, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency_keys (
    requester TEXT NOT NULL,
    key       TEXT NOT NULL,
    job_id    BLOB NOT NULL,
    PRIMARY KEY (requester, key)
) STRICT, WITHOUT ROWID;
