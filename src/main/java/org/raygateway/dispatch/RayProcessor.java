package org.raygateway.dispatch;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.raygateway.driver.v1.SubmitReply;

/** Hands an {@link Attempt} to Ray's driver and leaves the {@link Handover} as body. Stands inside the circuit breaker. */
public final class RayProcessor implements Processor {
    private final DriverClient driver;

    public RayProcessor(DriverClient driver) {
        this.driver = driver;
    }

    @Override
    public void process(Exchange exchange) {
        Attempt attempt = exchange.getMessage().getBody(Attempt.class);
        SubmitReply reply = driver.submit(attempt);
        exchange.getMessage().setBody(handover(attempt, reply));
    }

    private static Handover handover(Attempt attempt, SubmitReply reply) {
        return switch (reply.getOutcome()) {
            case STARTED, ALREADY_STARTED -> new Handover(attempt, Handover.Outcome.STARTED, "");
            case REJECTED -> new Handover(attempt, Handover.Outcome.REJECTED, reply.getReason());
            case BUSY -> new Handover(attempt, Handover.Outcome.BUSY, reply.getReason());
            default -> throw new RayUnavailableException("the driver gave an unknown answer to submit", null);
        };
    }
}
