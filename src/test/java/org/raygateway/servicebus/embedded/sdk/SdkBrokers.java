package org.raygateway.servicebus.embedded.sdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.raygateway.servicebus.embedded.EmbeddedServiceBus;
import org.raygateway.servicebus.embedded.EmbeddedServiceBusLimits;
import org.raygateway.servicebus.embedded.EmbeddedServiceBusSettings;

/** What a suite of one SDK runs against: a broker that can be restarted, and one that ten messages fill. Each suite has its own. */
final class SdkBrokers implements AutoCloseable {

    private static final int QUEUES = 40;
    /** Half of them are for whoever needs them first, and one is reserved for each queue. */
    private static final EmbeddedServiceBusLimits TEN_MESSAGES = new EmbeddedServiceBusLimits(
            1 << 20, 64, 64, 18, 4 << 20, 1_000, Duration.ofSeconds(10), Duration.ofMinutes(2));

    private final EmbeddedServiceBusSettings settings;
    private final EmbeddedServiceBus small;
    private EmbeddedServiceBus broker;

    SdkBrokers(Path directory) throws IOException {
        Path entities = Files.writeString(directory.resolve("entities.json"), entities());
        settings = EmbeddedServiceBusSettings.of(0, directory.resolve("bus.db"), "test-key", "dGVzdA==")
                .withEntities(entities.toUri());
        broker = EmbeddedServiceBus.start(settings);
        small = EmbeddedServiceBus.start(
                EmbeddedServiceBusSettings.of(0, directory.resolve("small.db"), "test-key", "dGVzdA==")
                        .withEntities(entities.toUri())
                        .withLimits(TEN_MESSAGES));
    }

    /** Plain queues {@code sdk-1} to {@code sdk-40}, so that no step meets another one's messages, and what some steps need. */
    private static String entities() {
        String plain = IntStream.rangeClosed(1, QUEUES)
                .mapToObj(number -> "{\"Name\": \"sdk-" + number + "\", \"Properties\": {}}")
                .collect(Collectors.joining(",\n"));
        return """
                {"UserConfig": {"Namespaces": [{"Name": "sbemulatorns",
                  "Queues": [
                    %s,
                    {"Name": "sdk-short-lock", "Properties": {"LockDuration": "PT2S"}},
                    {"Name": "sdk-expiring", "Properties": {"DeadLetteringOnMessageExpiration": true}},
                    {"Name": "sdk-deduplicated", "Properties": {
                      "RequiresDuplicateDetection": true, "DuplicateDetectionHistoryTimeWindow": "PT1M"}}],
                  "Topics": [
                    {"Name": "sdk-sql", "Properties": {}, "Subscriptions": [
                      {"Name": "large", "Rules": [{"Name": "by-size", "Properties": {
                        "FilterType": "Sql", "SqlFilter": {"SqlExpression": "size > 5"}}}]}]},
                    {"Name": "sdk-correlation", "Properties": {}, "Subscriptions": [
                      {"Name": "sevens", "Rules": [{"Name": "by-size", "Properties": {
                        "FilterType": "Correlation", "CorrelationFilter": {"Properties": {"size": 7}}}}]}]},
                    {"Name": "sdk-rules", "Properties": {}, "Subscriptions": [{"Name": "own", "Properties": {}}]}]}],
                  "Logging": {"Type": "File"}}}
                """
                .formatted(plain);
    }

    String connectionString() {
        return broker.connectionString();
    }

    /** Of the broker that ten messages fill. */
    String smallConnectionString() {
        return small.connectionString();
    }

    /** Stops the broker and starts it again on its port, with what it had. */
    void restart() {
        int port = broker.port();
        broker.close();
        broker = EmbeddedServiceBus.start(settings.withPort(port));
    }

    @Override
    public void close() {
        small.close();
        broker.close();
    }
}
