package org.raygateway.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.raygateway.ray.driver.DriverSettings;
import org.raygateway.ray.driver.DriverSupervisor;
import org.raygateway.ray.driver.RayDriverServer;
import org.raygateway.ray.publish.ServiceBusSettings;
import org.raygateway.ray.publish.ServiceBusStatusPublisher;
import org.raygateway.ray.publish.StatusPublisher;
import org.raygateway.settings.SettingsException;

/** The driver's process proper, which hosts native Ray. */
final class DriverChild {
    private DriverChild() {}

    /** Returns the process's exit code, once told to stop, or Ray is gone. */
    static int run(DriverSettings settings, Console console, Consumer<Runnable> onStop) {
        CompletableFuture<Integer> end = new CompletableFuture<>();
        StatusPublisher publisher = new ServiceBusStatusPublisher(serviceBus());
        try (publisher;
                RayDriverServer server = RayDriverServer.onLoopback(
                        settings.port(), settings.ray(), publisher, () -> end.complete(DriverSupervisor.RAY_LOST))) {
            console.out().println("The Ray driver listens on 127.0.0.1:" + server.port());
            onStop.accept(() -> end.complete(ExitCode.SUCCESS));
            endWithSupervisor(end);
            int code = end.join();
            if (code == DriverSupervisor.RAY_LOST) {
                // Ray's own shutdown may wait for the head that is gone.
                publisher.close();
                Exit.haltAfter(Duration.ZERO, code);
            }
            return code;
        }
    }

    private static ServiceBusSettings serviceBus() {
        try {
            return ServiceBusSettings.fromEnvironment(System.getenv());
        } catch (IllegalArgumentException missing) {
            throw new SettingsException(List.of(missing.getMessage()));
        }
    }

    /** Tells what is missing before a process is started for it. */
    static void checkEnvironment() {
        serviceBus();
    }

    private static void endWithSupervisor(CompletableFuture<Integer> end) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // The supervisor writes nothing; it closes.
                        }
                    } catch (IOException closed) {
                        // The same as the end.
                    }
                    end.complete(ExitCode.SUCCESS);
                },
                "supervisor-watch");
        thread.setDaemon(true);
        thread.start();
    }
}
