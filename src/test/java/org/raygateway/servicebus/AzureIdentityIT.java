package org.raygateway.servicebus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.GatewayFixture;
import org.raygateway.GatewayProcess;
import org.raygateway.TestHttp;
import org.raygateway.servicebus.embedded.IdentityBroker;

/**
 * A gateway that has the name of a namespace and a managed identity, and no connection string: it asks the identity's endpoint
 * for a token, and connects with TLS. Everything is the Azure SDK's own but the two ends it talks to.
 */
@Timeout(180)
class AzureIdentityIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The form of a JWT is all that matters: the broker compares it. */
    private static final String TOKEN = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJzZXJ2aWNlYnVzIn0.c2lnbmF0dXJl";

    @TempDir
    Path directory;

    /** Nothing looks for lost jobs here: a job's end is known once its actor has published it. */
    private GatewayProcess start(FakeIdentity identity, TlsFront front) {
        return GatewayProcess.start(
                directory.resolve("data"),
                identity.environment("gateway"),
                front.trustOptions(),
                "gateway.servicebus.mode",
                "azure",
                "gateway.servicebus.namespace",
                TlsFront.ADDRESS,
                "gateway.servicebus.max-retries",
                "0",
                "gateway.reconcile.period",
                "1h");
    }

    private static HttpResponse<String> post(GatewayProcess gateway) {
        return gateway.http().post("/jobs", GatewayFixture.job(GatewayFixture.SHORT));
    }

    @Test
    void runsAJobWithTheMachinesIdentityAlone() throws Exception {
        try (FakeIdentity identity = new FakeIdentity(TOKEN);
                IdentityBroker broker = new IdentityBroker(directory.resolve("broker.db"), Set.of(TOKEN));
                TlsFront front = new TlsFront(directory, broker.port());
                GatewayProcess gateway = start(identity, front)) {
            HttpResponse<String> accepted = post(gateway);
            assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
            String job = "/jobs/" + TestHttp.json(accepted).get("job_id").asText();

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                            status(gateway, job).get("status").asText())
                    .isEqualTo("COMPLETED"));

            assertThat(identity.requests())
                    .isNotEmpty()
                    .extracting(FakeIdentity.Request::query)
                    .allSatisfy(query -> assertThat(query).contains("resource=https://servicebus.azure.net"));
            assertThat(front.connections()).isPositive();
        }
    }

    private static JsonNode status(GatewayProcess gateway, String job) {
        return TestHttp.json(gateway.http().get(job));
    }

    @Test
    void acceptsNoJobWithATokenThatTheNamespaceRefuses() throws Exception {
        try (FakeIdentity identity = new FakeIdentity(TOKEN + "-of-another");
                IdentityBroker broker = new IdentityBroker(directory.resolve("broker.db"), Set.of(TOKEN));
                TlsFront front = new TlsFront(directory, broker.port());
                GatewayProcess gateway = start(identity, front)) {
            HttpResponse<String> refused = post(gateway);

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("Messaging service is currently unavailable.");
            assertThat(identity.requests()).isNotEmpty();
        }
    }
}
