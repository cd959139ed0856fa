package org.raygateway.submission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00-" + TRACE + "-00f067aa0ba902b7-01";
    private static final String FORM = "00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}";

    @Test
    void continuesTheCallersTraceInASpanOfItsOwn() {
        String continued = TraceContext.continued(CALLER);

        assertThat(continued)
                .matches(FORM)
                .startsWith("00-" + TRACE)
                .endsWith("-01")
                .isNotEqualTo(CALLER);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "junk", "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "ff-" + TRACE})
    void startsATraceWhereNoneOrJunkCame(String header) {
        assertThat(TraceContext.continued(header)).matches(FORM).doesNotContain(TRACE);
    }
}
