package org.raygateway.store;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every job store must do; a test for a store extends this. */
abstract class JobStoreContract implements AdmissionContract, DispatchContract, LookupContract {
    private final MutableClock clock = new MutableClock();
    private JobStore store;

    /** Opens an empty store that tells the time by this clock. */
    abstract JobStore open(MutableClock clock);

    @BeforeEach
    final void openStore() {
        store = open(clock);
    }

    @AfterEach
    final void closeStore() {
        store.close();
    }

    @Override
    public final JobStore store() {
        return store;
    }

    @Override
    public final MutableClock clock() {
        return clock;
    }
}
