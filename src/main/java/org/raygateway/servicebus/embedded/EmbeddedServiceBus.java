package org.raygateway.servicebus.embedded;

import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;

/**
 * A Service Bus in this process: queues, topics and subscriptions over AMQP 1.0 for unmodified Azure SDK clients on this
 * machine, kept in one SQLite file. What it has acknowledged survives the end of the process.
 *
 * <p>It listens on the loopback interface without TLS, and is for one gateway, not for a network.
 */
public final class EmbeddedServiceBus implements AutoCloseable {

    private static final long CLOSE_MILLIS = 10_000;

    private final EmbeddedServiceBusSettings settings;
    private final MessageLog log;
    private final EventLoop loop;
    private final Thread thread;

    private EmbeddedServiceBus(EmbeddedServiceBusSettings settings, MessageLog log, EventLoop loop) {
        this.settings = settings;
        this.log = log;
        this.loop = loop;
        this.thread = new Thread(loop, "embedded-service-bus");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /**
     * Recovers what the data file holds, and starts listening.
     *
     * @throws IllegalArgumentException when the entities are not valid; the text lists all errors
     * @throws UncheckedIOException when the port is taken
     * @throws RuntimeException when the data file cannot be used, for one because another broker has it open
     */
    public static EmbeddedServiceBus start(EmbeddedServiceBusSettings settings) {
        return start(settings, log -> log);
    }

    /** Tests put a failing log between. */
    static EmbeddedServiceBus start(EmbeddedServiceBusSettings settings, UnaryOperator<MessageLog> wrapping) {
        return start(settings, wrapping, new SharedAccessSignature(settings.keyName(), settings.key()));
    }

    /** Tests take tokens of another kind; whoever starts a broker from outside cannot. */
    static EmbeddedServiceBus start(
            EmbeddedServiceBusSettings settings, UnaryOperator<MessageLog> wrapping, TokenCheck tokens) {
        EntityConfiguration configuration = EntityConfigurationReader.read(settings.entities());
        MessageCodec codec = new MessageCodec();
        MessageLog log = wrapping.apply(new SqliteMessageLog(new MessageFile(settings.dataFile()), codec::parse));
        try {
            Broker broker =
                    new Broker(settings.limits(), configuration, log, codec, tokens, settings.essentialSubscriptions());
            return new EmbeddedServiceBus(settings, log, new EventLoop(broker, settings.port()));
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    /** The port it listens on. */
    public int port() {
        return loop.port();
    }

    /** What Azure SDK clients connect with. It contains the key. */
    public String connectionString() {
        return "Endpoint=sb://localhost:" + port() + ";SharedAccessKeyName=" + settings.keyName() + ";SharedAccessKey="
                + settings.key() + ";UseDevelopmentEmulator=true";
    }

    /** False once it has stopped, and while its data file cannot be written. */
    public boolean isHealthy() {
        return trouble() == null;
    }

    /** Why it serves nobody and what to do about it, or null while it serves. */
    public String trouble() {
        String trouble = loop.trouble();
        return trouble != null || thread.isAlive() ? trouble : "The embedded Service Bus has stopped";
    }

    /** Commits, tells clients, and stops. Waits for at most 10 seconds. */
    @Override
    public void close() {
        loop.stop();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isAlive()) {
            log.close();
        }
    }
}
