package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.raygateway.servicebus.embedded.AmqpException.Condition;

class SharedAccessSignatureTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final long LATER_SECONDS = NOW / 1_000 + 60;

    private final SharedAccessSignature signatures = new SharedAccessSignature("send", "c2VjcmV0");

    @Test
    void acceptsItsOwnToken() {
        String token = signatures.issue("amqp://localhost/Job-Submissions", LATER_SECONDS);

        assertThat(signatures.verify(token, NOW))
                .isEqualTo(new SharedAccessSignature.Grant("job-submissions", LATER_SECONDS * 1_000));
    }

    @Test
    void acceptsATokenSignedElsewhere() {
        // printf 'http%%3A%%2F%%2Fns%%2Fq\n4102444800' | openssl dgst -sha256 -hmac c2VjcmV0 -binary | base64
        String token =
                "SharedAccessSignature sr=http%3A%2F%2Fns%2Fq&sig=g41shmQ6uZexsZWyurh%2BjUjnyj1w%2BimyeqXlRZjZenw%3D&se=4102444800&skn=send";

        assertThat(signatures.verify(token, NOW).scope()).isEqualTo("q");
    }

    @Test
    void refusesATokenWithAWrongKey() {
        String token = new SharedAccessSignature("send", "b3RoZXI=").issue("amqp://localhost/q", LATER_SECONDS);

        assertRefused(() -> signatures.verify(token, NOW), "signature");
    }

    @Test
    void refusesAnUnknownKeyName() {
        String token = new SharedAccessSignature("listen", "c2VjcmV0").issue("amqp://localhost/q", LATER_SECONDS);

        assertRefused(() -> signatures.verify(token, NOW), "key name");
    }

    @Test
    void refusesAnExpiredToken() {
        String token = signatures.issue("amqp://localhost/q", NOW / 1_000);

        assertRefused(() -> signatures.verify(token, NOW), "expired");
    }

    @Test
    void refusesATokenWhoseExpiryWasChanged() {
        String token = signatures
                .issue("amqp://localhost/q", LATER_SECONDS)
                .replace("se=" + LATER_SECONDS, "se=" + (LATER_SECONDS + 9_999));

        assertRefused(() -> signatures.verify(token, NOW), "signature");
    }

    @Test
    void refusesWhatIsNoToken() {
        assertRefused(() -> signatures.verify(null, NOW), "SharedAccessSignature");
        assertRefused(() -> signatures.verify("Bearer x", NOW), "SharedAccessSignature");
        assertRefused(() -> signatures.verify("SharedAccessSignature sr=a&se=1&skn=send", NOW), "'sig'");
    }

    private static void assertRefused(ThrowingCallable verification, String reason) {
        assertThatThrownBy(verification)
                .hasMessageContaining(reason)
                .isInstanceOfSatisfying(
                        AmqpException.class, e -> assertThat(e.condition()).isEqualTo(Condition.UNAUTHORIZED));
    }
}
