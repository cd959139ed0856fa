package org.raygateway.servicebus.embedded;

import org.raygateway.servicebus.embedded.MessageLog.SequenceMark;

/**
 * Gives one queue its sequence numbers, never the same twice. They are set aside in blocks, so that not every message
 * writes the mark; a restart skips what is left of a block, as Azure's numbers have gaps too.
 */
final class SequenceNumbers {

    private static final long BLOCK = 1_000;

    private final MessageLog log;
    private final String queue;
    private long last;
    private long mark;

    SequenceNumbers(MessageLog log, String queue) {
        this.log = log;
        this.queue = queue;
    }

    void restore(SequenceMark stored) {
        last = stored.last();
        mark = stored.last();
    }

    long next() {
        if (last >= mark) {
            mark = last + BLOCK;
            log.mark(new SequenceMark(queue, mark));
        }
        return ++last;
    }
}
