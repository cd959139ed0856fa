package org.raygateway.mesh;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether Consul answers one kind of request. Says so in the log when it changes, not with every call. */
final class ConsulLink {
    private static final Logger LOG = LoggerFactory.getLogger(ConsulLink.class);
    private static final int LONGEST_TEXT = 200;

    private final String purpose;
    private volatile String failure = "has not been asked yet";
    private boolean failing;

    /** @param purpose of the requests, for the log */
    ConsulLink(String purpose) {
        this.purpose = purpose;
    }

    synchronized void answered() {
        if (failing) {
            LOG.info("Consul answers again ({})", purpose);
        }
        failing = false;
        failure = null;
    }

    synchronized void failed(Throwable cause) {
        failure = describe(cause);
        if (!failing) {
            LOG.warn("Consul {}; the gateway works on without it ({})", failure, purpose);
        }
        failing = true;
    }

    /** What is wrong, to follow the word Consul; null while it answers. */
    String failure() {
        return failure;
    }

    /** The client wraps what a socket said; an answer that was an error stands in the wrapping itself. */
    private static String describe(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof JsonProcessingException) {
                return "gave an answer that the client cannot read (" + shorten(cause) + ")";
            }
            if (cause instanceof IOException) {
                return "cannot be reached (" + shorten(cause) + ")";
            }
        }
        return "refused a request (" + shorten(thrown) + ")";
    }

    private static String shorten(Throwable cause) {
        String text = cause.getClass().getSimpleName() + ": " + cause.getMessage();
        String line = text.lines().findFirst().orElse(text);
        return line.length() > LONGEST_TEXT ? line.substring(0, LONGEST_TEXT) + "..." : line;
    }
}
