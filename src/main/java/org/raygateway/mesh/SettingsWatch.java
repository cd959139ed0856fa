package org.raygateway.mesh;

import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;

/** Notices that the watch of the live settings has ended: the component's watch stops at the first call that fails, for good. */
public final class SettingsWatch implements ExceptionHandler {
    private final ConsulLink link = new ConsulLink("live settings");
    private volatile boolean lost;

    @Override
    public void handleException(Throwable exception) {
        link.failed(exception);
        lost = true;
    }

    @Override
    public void handleException(String message, Throwable exception) {
        handleException(exception);
    }

    @Override
    public void handleException(String message, Exchange exchange, Throwable exception) {
        handleException(exception);
    }

    /** Route step's predicate. */
    public boolean isLost() {
        return lost;
    }

    /** Route step: the watch is about to be started anew. */
    public void resume() {
        lost = false;
    }

    /** Route step: a value has come. */
    public void answered() {
        link.answered();
    }

    /** What keeps the settings from being watched, to be put behind them; else empty. */
    String trouble() {
        return lost ? "; no changes are seen: Consul " + link.failure() : "";
    }
}
