package org.raygateway.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobIdTest {
    @Test
    void isAVersion7UuidOfTheCurrentTime() {
        long before = System.currentTimeMillis();
        UUID value = JobId.next().value();
        assertThat(value.version()).isEqualTo(7);
        assertThat(value.variant()).isEqualTo(2);
        // Ids made in a burst may run a little ahead of the clock.
        assertThat(value.getMostSignificantBits() >>> 16).isBetween(before, System.currentTimeMillis() + 1_000);
    }

    @Test
    void risesWithEachIdMade() {
        List<JobId> ids = Stream.generate(JobId::next).limit(20_000).toList();
        assertThat(ids).isSorted().doesNotHaveDuplicates();
        assertThat(ids.stream().map(JobId::toString)).isSorted();
    }

    @Test
    void hasATimeOfItsOwnAmongThoseOfManyThreads() {
        var times = ConcurrentHashMap.newKeySet();
        assertThat(IntStream.range(0, 200_000)
                        .parallel()
                        .allMatch(i -> times.add(JobId.next().value().getMostSignificantBits())))
                .isTrue();
    }

    @Test
    void ordersUnsignedLikeItsText() {
        JobId low = JobId.of("01900000-0000-7000-8000-000000000000");
        JobId high = JobId.of("f1900000-0000-7000-8000-000000000000");
        JobId higher = JobId.of("f1900000-0000-7000-f000-000000000000");
        assertThat(low).isLessThan(high);
        assertThat(high).isLessThan(higher).isEqualByComparingTo(JobId.of(high.toString()));
    }

    @Test
    void readsWhatItWrites() {
        JobId id = JobId.next();
        assertThat(JobId.parse(id.toString())).contains(id);
        assertThat(JobId.parse(id.toString().toUpperCase(java.util.Locale.ROOT)))
                .contains(id);
        assertThat(id.actorName()).isEqualTo("actor_" + id);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "1-1-1-1-1",
                "0190000000007000800000000000000000ab",
                "0190000-00000-7000-8000-000000000000",
                "0190000g-0000-7000-8000-000000000000",
                "01900000-0000-7000-8000-00000000000",
                "01900000-0000-7000-8000-0000000000000",
                "01900000-0000-7000-8000-00000000000\n"
            })
    void isEmptyForAnythingElse(String junk) {
        assertThat(JobId.parse(junk)).isEmpty();
    }
}
