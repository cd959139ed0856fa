package org.raygateway.status;

import java.util.Locale;
import java.util.Optional;
import org.raygateway.store.EventOutcome;

/** Why a status message is refused: the reason's tag among the metrics. */
enum Refusal {
    /** No status, or one with a member out of its bounds. */
    INVALID,
    /** Its correlation id names another job than its body. */
    MISMATCHED,
    UNKNOWN_JOB,
    NEVER_DISPATCHED;

    /** Empty where the message was in order, whether it changed something or came too late. */
    static Optional<Refusal> of(EventOutcome outcome) {
        return switch (outcome) {
            case APPLIED, STALE -> Optional.empty();
            case UNKNOWN_JOB -> Optional.of(UNKNOWN_JOB);
            case NEVER_DISPATCHED -> Optional.of(NEVER_DISPATCHED);
        };
    }

    String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
