package org.raygateway.servicebus.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** The entities the tests need, in the emulator's format, so that the contract suite can be held against it too. */
final class TestEntities {

    static final String PLAIN = "contract-plain";
    static final String SHORT_LOCK = "contract-short-lock";
    static final String EXPIRING = "contract-expiring";
    static final String DEDUPLICATED = "contract-deduplicated";
    static final String TOPIC = "contract-topic";

    static final String JSON =
            """
            {"UserConfig": {"Namespaces": [{"Name": "sbemulatorns",
              "Queues": [
                {"Name": "contract-plain", "Properties": {"LockDuration": "PT1M", "MaxDeliveryCount": 3}},
                {"Name": "contract-short-lock", "Properties": {"LockDuration": "PT5S", "MaxDeliveryCount": 10}},
                {"Name": "contract-expiring", "Properties": {"DeadLetteringOnMessageExpiration": true}},
                {"Name": "contract-deduplicated", "Properties": {
                  "RequiresDuplicateDetection": true, "DuplicateDetectionHistoryTimeWindow": "PT1M"}}],
              "Topics": [
                {"Name": "contract-topic", "Properties": {}, "Subscriptions": [
                  {"Name": "everything", "Properties": {}},
                  {"Name": "warm", "Rules": [{"Name": "by-color", "Properties": {
                    "FilterType": "Sql", "SqlFilter": {"SqlExpression": "color IN ('red', 'orange') AND sys.Label LIKE 'a%'"}}}]},
                  {"Name": "correlated", "Rules": [{"Name": "by-id", "Properties": {
                    "FilterType": "Correlation", "CorrelationFilter": {
                      "CorrelationId": "job-7", "Properties": {"kind": "result"}}}}]}]}]}],
              "Logging": {"Type": "File"}}}
            """;

    private TestEntities() {}

    /** Writes a configuration into a directory and returns where it is. */
    static URI write(Path directory, String json) {
        try {
            return Files.writeString(directory.resolve("entities.json"), json).toUri();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static EmbeddedServiceBusSettings settings(Path directory) {
        return EmbeddedServiceBusSettings.of(0, directory.resolve("bus.db"), "test-key", "dGVzdA==")
                .withEntities(write(directory, JSON));
    }
}
