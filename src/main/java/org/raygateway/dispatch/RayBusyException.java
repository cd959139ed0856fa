package org.raygateway.dispatch;

/** The driver is well but has no free place. The breaker takes no notice of it. */
public final class RayBusyException extends RuntimeException {
    RayBusyException() {
        super("the driver has no free place");
    }
}
