package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntityConfigurationReaderTest {

    @TempDir
    Path directory;

    private EntityConfiguration read(String json) {
        return EntityConfigurationReader.read(TestEntities.write(directory, json));
    }

    private static String namespace(String entities) {
        return "{\"UserConfig\": {\"Namespaces\": [{\"Name\": \"ns\", " + entities + "}]}}";
    }

    @Test
    void readsTheBundledEntities() {
        EntityConfiguration bundled =
                EntityConfigurationReader.read(EmbeddedServiceBusSettings.of(0, directory.resolve("bus.db"), "k", "key")
                        .entities());

        QueueSettings submissions = bundled.queues().get(0).settings();
        assertThat(bundled.queues().get(0).name()).isEqualTo("job-submissions");
        assertThat(submissions.lockMillis()).isEqualTo(60_000);
        assertThat(submissions.maxDeliveryCount()).isEqualTo(10);
        assertThat(submissions.duplicateWindowMillis()).isEqualTo(600_000);
        assertThat(bundled.topics().get(0).name()).isEqualTo("job-status");
        assertThat(bundled.topics().get(0).subscriptions().get(0).name()).isEqualTo("gateway");
    }

    @Test
    void fillsInAzuresDefaults() {
        QueueSettings settings = read(namespace("\"Queues\": [{\"Name\": \"q\"}]"))
                .queues()
                .get(0)
                .settings();

        assertThat(settings).isEqualTo(new QueueSettings(60_000, Long.MAX_VALUE, 10, 0, false));
    }

    @Test
    void boundsASubscriptionsTimeToLiveByItsTopics() {
        EntityConfiguration configuration = read(
                namespace(
                        "\"Topics\": [{\"Name\": \"t\", \"Properties\": {\"DefaultMessageTimeToLive\": \"PT1M\"},"
                                + " \"Subscriptions\": [{\"Name\": \"s\", \"Properties\": {\"DefaultMessageTimeToLive\": \"PT1H\"}}]}]"));

        assertThat(configuration
                        .topics()
                        .get(0)
                        .subscriptions()
                        .get(0)
                        .settings()
                        .timeToLiveMillis())
                .isEqualTo(Duration.ofMinutes(1).toMillis());
    }

    @Test
    void listsAllErrorsTogether() {
        String json = namespace(
                """
                "Queues": [
                  {"Name": "a", "Properties": {"LockDuration": "1 minute", "MaxDeliveryCount": 0}},
                  {"Name": "A", "Properties": {"RequiresSession": true, "ForwardTo": "b"}},
                  {"Name": "b c", "Properties": {"LockDuratoin": "PT1M"}}],
                "Topics": [{"Name": "t", "Subscriptions": [{"Name": "s", "Rules": [
                  {"Name": "r", "Properties": {"FilterType": "Sql", "SqlFilter": {"SqlExpression": "color ==== 1"}}},
                  {"Name": "c", "Properties": {"FilterType": "Correlation", "CorrelationFilter": {}}}]}]}]
                """);

        assertThatThrownBy(() -> read(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "Queue 'a': LockDuration must be an ISO 8601 duration",
                        "Queue 'a': MaxDeliveryCount must be 1 to 2000",
                        "Name 'A' is there twice",
                        "Queue 'A': RequiresSession is not supported",
                        "Queue 'A': ForwardTo is not supported",
                        "got 'b c'",
                        "unknown property 'LockDuratoin'",
                        "rule 'r': SqlFilter.SqlExpression",
                        "rule 'c': CorrelationFilter must name at least one property");
    }

    @Test
    void refusesAFileThatIsNotJson() {
        assertThatThrownBy(() -> read("entities: none"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("entities.json");
    }

    @Test
    void refusesAFileWithoutEntities() {
        assertThatThrownBy(() -> read("{}")).hasMessageContaining("exactly one namespace");
        assertThatThrownBy(() -> read(namespace("\"Queues\": []"))).hasMessageContaining("at least one queue or topic");
    }
}
