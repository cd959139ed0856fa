package org.raygateway.http;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/** At most a line a second, however much there is to say; the next one tells how much was left out. */
final class SparseLog {
    private static final long SECOND = 1_000_000_000L;

    private final Logger log;
    private final AtomicLong last = new AtomicLong(System.nanoTime() - SECOND);
    private final AtomicLong leftOut = new AtomicLong();

    SparseLog(Logger log) {
        this.log = log;
    }

    void say(String what, Object who) {
        long now = System.nanoTime();
        long before = last.get();
        if (now - before < SECOND || !last.compareAndSet(before, now)) {
            leftOut.incrementAndGet();
            return;
        }
        long more = leftOut.getAndSet(0);
        log.info("{} from {}{}", what, who, more == 0 ? "" : ", and " + more + " more like it");
    }
}
