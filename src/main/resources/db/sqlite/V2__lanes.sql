-- Jobs wait for their turn to start in lanes, one for each computation: durable, in order, and each lane apart from the others.

ALTER TABLE jobs ADD COLUMN lane TEXT;                         -- where the job waits to be started; null: it does not
ALTER TABLE jobs ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;   -- order within the lane, lowest first: a time
ALTER TABLE jobs ADD COLUMN again INTEGER NOT NULL DEFAULT 0;  -- 1: its attempt never began and is started under its old number
ALTER TABLE jobs ADD COLUMN spared INTEGER NOT NULL DEFAULT 0; -- attempts that do not count towards the most it may have

CREATE INDEX jobs_waiting ON jobs (lane, turn, id) WHERE lane IS NOT NULL;
