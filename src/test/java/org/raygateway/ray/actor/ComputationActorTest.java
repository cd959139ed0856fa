package org.raygateway.ray.actor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;
import org.raygateway.job.StatusEventJson;
import org.raygateway.ray.Computation;
import org.raygateway.ray.ComputationException;
import org.raygateway.ray.Parameters;
import org.raygateway.ray.Progress;
import org.raygateway.ray.publish.StatusMessage;
import org.raygateway.ray.publish.StatusPublisher;
import org.raygateway.ray.publish.StatusPublishers;

/** How a computation's end reaches the caller. */
class ComputationActorTest {
    private final String publisher = "test-" + UUID.randomUUID();

    public static final class Undefined implements Computation {
        @Override
        public Map<String, Object> run(Parameters parameters, Progress progress) {
            return Map.of("curve", List.of(Map.of("value", 1.0), Map.of("value", Double.NaN)));
        }
    }

    public static final class Verbose implements Computation {
        @Override
        public Map<String, Object> run(Parameters parameters, Progress progress) {
            throw new ComputationException("first\r\nsecond\u001b[31m\u0000third " + "x".repeat(2_000_000));
        }
    }

    public static final class Silent implements Computation {
        @Override
        public Map<String, Object> run(Parameters parameters, Progress progress) {
            throw new ComputationException(null);
        }
    }

    public static final class Broken implements Computation {
        @Override
        public Map<String, Object> run(Parameters parameters, Progress progress) {
            throw new IllegalStateException("password=secret");
        }
    }

    @BeforeEach
    void register() {
        StatusPublishers.register(publisher, new StatusPublisher() {
            @Override
            public boolean publish(StatusMessage message) {
                return true;
            }

            @Override
            public boolean flush(Duration patience) {
                return true;
            }

            @Override
            public void close() {}
        });
    }

    @AfterEach
    void unregister() {
        StatusPublishers.unregister(publisher);
    }

    private StatusEvent end(Class<? extends Computation> computation) {
        String assignment = new Assignment(UUID.randomUUID().toString(), 1, 60_000, 1_000, 100, "").toJson();
        ComputationActor actor = new ComputationActor(computation.getName(), publisher, "");
        return StatusEventJson.read(actor.run_assigned(assignment, "{}"));
    }

    @Test
    void tellsTheCallerWhatJsonCannotHoldAndWhere() {
        StatusEvent end = end(Undefined.class);

        assertThat(end.status()).isEqualTo(JobStatus.FAILED);
        assertThat(end.message()).isEqualTo("result at /curve/1/value: NaN is not a JSON number");
    }

    @Test
    void tellsAComputationExceptionInOneLine() {
        assertThat(end(Verbose.class).message())
                .startsWith("first second [31m third xxx")
                .endsWith("x...")
                .hasSize(StatusEvent.MAX_MESSAGE);
        assertThat(end(Silent.class).message()).isEqualTo("the computation failed and did not say why");
    }

    @Test
    void hidesAnyOtherException() {
        assertThat(end(Broken.class).message())
                .isEqualTo("the computation failed unexpectedly; the log of its actor has the details");
    }
}
