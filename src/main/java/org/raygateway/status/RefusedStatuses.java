package org.raygateway.status;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts refused status messages by reason: {@code gateway.statuses.refused}. */
public final class RefusedStatuses implements MeterBinder {
    private final Map<Refusal, LongAdder> counts = new EnumMap<>(Refusal.class);

    public RefusedStatuses() {
        for (Refusal refusal : Refusal.values()) {
            counts.put(refusal, new LongAdder());
        }
    }

    void count(Refusal refusal) {
        counts.get(refusal).increment();
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        counts.forEach(
                (refusal, count) -> FunctionCounter.builder("gateway.statuses.refused", count, LongAdder::doubleValue)
                        .description("Status messages that went to the dead-letter queue")
                        .tag("reason", refusal.tag())
                        .register(meters));
    }
}
