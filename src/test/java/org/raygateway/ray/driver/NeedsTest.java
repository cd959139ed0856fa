package org.raygateway.ray.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.raygateway.driver.v1.Computation;

class NeedsTest {
    private static final Computation BIG = Computation.newBuilder()
            .setCpus(2)
            .setGpus(1)
            .setMemoryBytes(512L << 20)
            .build();

    @Test
    void readsAsAPersonWouldSayIt() {
        assertThat(Needs.text(BIG)).isEqualTo("2 CPUs and 1 GPU and 512 MiB of memory");
        assertThat(Needs.text(BIG.toBuilder().setCpus(0.5).setGpus(0).build())).startsWith("0.5 CPUs and 512");
        assertThat(Needs.text(Computation.getDefaultInstance())).isEqualTo("room");
    }

    @Test
    void fitsOnlyWhereEachResourceSuffices() {
        assertThat(Needs.fit(BIG, Map.of("CPU", 2.0, "GPU", 1.0, "memory", 1e9)))
                .isTrue();
        assertThat(Needs.fit(BIG, Map.of("CPU", 2.0, "memory", 1e9))).isFalse();
        assertThat(Needs.fit(BIG, Map.of("CPU", 2.0, "GPU", 1.0, "memory", 1e8)))
                .isFalse();
        assertThat(Needs.fit(BIG, Map.of("CPU", 1.0, "GPU", 1.0, "memory", 1e9)))
                .isFalse();
    }
}
