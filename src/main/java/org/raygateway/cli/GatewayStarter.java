package org.raygateway.cli;

import java.util.Map;
import org.raygateway.Gateway;

/** Starts a whole gateway inside this process; apart from the commands so that they can be tested without one. */
@FunctionalInterface
interface GatewayStarter {

    /** @param overrides properties by name, stronger than file and environment */
    RunningGateway start(Map<String, String> overrides);

    static GatewayStarter ofThisBuild() {
        return overrides -> {
            Gateway gateway = Gateway.start(overrides);
            return new RunningGateway() {
                @Override
                public int httpPort() {
                    return gateway.httpPort();
                }

                @Override
                public void awaitTermination() {
                    gateway.awaitTermination();
                }

                @Override
                public void close() {
                    gateway.close();
                }
            };
        };
    }

    /** A gateway that answers HTTP on 127.0.0.1. */
    interface RunningGateway extends AutoCloseable {
        int httpPort();

        /** Returns once the gateway has been closed. */
        void awaitTermination();

        /** Drains and stops; closing twice does no harm. */
        @Override
        void close();
    }
}
