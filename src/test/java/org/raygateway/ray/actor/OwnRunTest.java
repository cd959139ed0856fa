package org.raygateway.ray.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OwnRunTest {
    private final Assignment assignment = new Assignment("4f6b3c0e-5ab4-7dd2-8a43-a2f2f2a4f6de", 2, 60_000, 0, 100, "");
    private final OwnRun run = new OwnRun(assignment.toJson());

    @Test
    void saysThatItHasNotBegun() {
        Situation situation = Situation.parse(run.describe(0).toJson());
        assertThat(situation.began()).isFalse();
        assertThat(situation.ended()).isFalse();
        assertThat(Assignment.parse(situation.assignment())).isEqualTo(assignment);
    }

    @Test
    void saysHowLongItHasRun() {
        run.begin();
        assertThat(run.describe(1).elapsedMs()).isNotNegative();
        assertThat(run.describe(0).ended()).isFalse();
    }

    @Test
    void tellsItsEndToWhoWaitsForIt() throws Exception {
        run.begin();
        CompletableFuture<Situation> look = CompletableFuture.supplyAsync(() -> run.describe(60_000));
        run.end("{\"status\":\"FAILED\"}");
        assertThat(look.get(10, TimeUnit.SECONDS).terminal()).isEqualTo("{\"status\":\"FAILED\"}");
        assertThat(run.describe(60_000).ended()).isTrue();
    }

    @Test
    void leavesOnlyTheTimeUntilTheDriverEndsIt() {
        run.begin();
        assertThat(run.leftOf(Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(10));
        assertThat(run.leftOf(Duration.ofDays(1))).isLessThanOrEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void refusesTextThatNoActorWrote() {
        assertThatThrownBy(() -> Situation.parse("password=secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an actor's situation must be JSON as actors write it");
    }
}
