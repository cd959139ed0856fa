package org.raygateway.servicebus.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A broker in a process of its own, to be killed. */
final class BrokerProcess implements AutoCloseable {

    private final Process process;
    private final String connectionString;

    BrokerProcess(Path directory) throws IOException {
        this(directory, ProcessBuilder.Redirect.DISCARD);
    }

    /** @param log where its log goes */
    BrokerProcess(Path directory, ProcessBuilder.Redirect log) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerProcess.class.getName(),
                        directory.toString())
                .redirectError(log)
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        while (line != null && !line.startsWith("Endpoint=")) {
            line = output.readLine();
        }
        if (line == null) {
            throw new IOException("the broker's process ended before it listened");
        }
        connectionString = line;
    }

    String connectionString() {
        return connectionString;
    }

    /** SIGKILL: no shutdown hook, no flush. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the broker's process survived a kill");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Prints its connection string and serves until it is killed, or its parent is gone. */
    public static void main(String[] args) throws IOException {
        try (EmbeddedServiceBus broker = EmbeddedServiceBus.start(TestEntities.settings(Path.of(args[0])))) {
            System.out.println(broker.connectionString());
            if (System.in.read() >= 0) {
                throw new IllegalStateException("nobody writes here");
            }
        }
    }
}
