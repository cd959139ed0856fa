package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.message.Message;
import org.junit.jupiter.api.Test;

class CbsNodeTest {

    private static final long NOW = 1_700_000_000_000L;

    private final SharedAccessSignature signatures = new SharedAccessSignature("key", "c2VjcmV0");
    private final AuthorizedScopes scopes = new AuthorizedScopes();
    private final CbsNode node =
            new CbsNode(signatures, scopes, new Timers(() -> NOW), Set.of("queue", "other")::contains);

    private int put(String type, String audience, String token) {
        Message request = Message.Factory.create();
        request.setApplicationProperties(
                new ApplicationProperties(Map.of("operation", "put-token", "type", type, "name", audience)));
        request.setBody(new AmqpValue(token));
        return node.handle(request).status();
    }

    private String token(String resource) {
        return signatures.issue(resource, NOW / 1_000 + 60);
    }

    @Test
    void opensTheAudienceAndWhatIsBelowIt() {
        put("servicebus.windows.net:sastoken", "amqp://localhost/queue", token("amqp://localhost/queue"));

        assertThat(scopes.allows("queue", NOW)).isTrue();
        assertThat(scopes.allows("queue/$management", NOW)).isTrue();
        assertThat(scopes.allows("queue2", NOW)).isFalse();
        assertThat(scopes.allows("queue", NOW + 60_000)).isFalse();
    }

    @Test
    void takesSignaturesThatPythonCallsJwt() {
        assertThat(put("jwt", "sb://localhost/queue", token("sb://localhost/queue")))
                .isEqualTo(202);
    }

    @Test
    void aTokenForTheNamespaceOpensOnlyTheAudienceAskedFor() {
        put("jwt", "sb://localhost/queue", token("sb://localhost/"));

        assertThat(scopes.allows("queue", NOW)).isTrue();
        assertThat(scopes.allows("other", NOW)).isFalse();
    }

    @Test
    void refusesAnAudienceOutsideTheTokensResource() {
        assertThatThrownBy(() -> put("jwt", "sb://localhost/other", token("sb://localhost/queue")))
                .hasMessageContaining("does not cover");
        assertThat(scopes.isEmpty()).isTrue();
    }

    @Test
    void refusesARealJwt() {
        assertThatThrownBy(() -> put("jwt", "sb://localhost/queue", "eyJhbGciOi.e30.sig"))
                .hasMessageContaining("SharedAccessSignature");
    }
}
