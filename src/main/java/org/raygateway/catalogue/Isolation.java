package org.raygateway.catalogue;

/** Where a job's computation runs. */
public enum Isolation {
    /** In an actor of its own, started for the job. */
    DEDICATED,
    /** In a warm actor that serves many jobs: for short interactive work. */
    POOLED
}
