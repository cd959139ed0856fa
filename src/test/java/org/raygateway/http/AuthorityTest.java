package org.raygateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
    @ParameterizedTest
    @CsvSource({
        "localhost, localhost, -1",
        "LocalHost:8000, localhost, 8000",
        "127.0.0.1:, 127.0.0.1, -1",
        "[::1], ::1, -1",
        "[0:0:0:0:0:0:0:1]:8000, ::1, 8000",
        "a-b.example_c, a-b.example_c, -1"
    })
    void readsHostAndPort(String text, String host, int port) {
        assertThat(Authority.parse(text)).contains(new Authority(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":80",
                "a b",
                "a,b",
                "user@a",
                "a/b",
                "a:b",
                "a:80:80",
                "a:123456",
                "a:65536",
                "::1",
                "[::1",
                "[]",
                "[::1]x",
                "[fe80::1%eth0]",
                "[localhost]",
                "a:+80",
                "ä",
                "a\u0000",
                "a:８０"
            })
    void refusesWhatIsNone(String text) {
        assertThat(Authority.parse(text)).isEmpty();
    }

    @Test
    void knowsPortsThatGoWithoutSaying() {
        assertThat(new Authority("a", -1).isSameAs(new Authority("a", 80), 80)).isTrue();
        assertThat(new Authority("a", -1).isSameAs(new Authority("a", 81), 80)).isFalse();
        assertThat(new Authority("a", 80).isSameAs(new Authority("b", 80), 80)).isFalse();
    }
}
