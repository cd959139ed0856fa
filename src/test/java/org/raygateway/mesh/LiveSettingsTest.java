package org.raygateway.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveSettingsTest {
    private final List<String> applied = new ArrayList<>();
    private final LiveSettings settings = new LiveSettings(
            "key",
            List.of(
                    new LiveSetting("admission", "policy", List.of("reject", "hold"), "reject", applied::add),
                    new LiveSetting("log", "level", List.of("info", "debug"), "info", applied::add)));

    @Test
    void appliesWhatChangesOnce() {
        settings.apply("{\"admission\": {\"policy\": \"hold\"}}");
        settings.apply("{\"admission\": {\"policy\": \"hold\"}}");
        settings.apply("{\"admission\": {\"policy\": \"hold\"}, \"log\": {\"level\": \"debug\"}}");

        assertThat(applied).containsExactly("hold", "debug");
        assertThat(settings.describe()).isEqualTo("{admission.policy=hold, log.level=debug}");
    }

    @Test
    void givesBackWhatThePropertiesSayWhereAValueDoesNotNameIt() {
        settings.apply("{\"admission\": {\"policy\": \"hold\"}}");
        settings.apply("{}");

        assertThat(applied).containsExactly("hold", "reject");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "[]",
                "\"hold\"",
                "{\"admission\": \"reject\"}",
                "{\"admission\": {\"policy\": true}}",
                "{\"admission\": {\"policy\": \"REJECT\"}}",
                "{\"admission\": {\"policy\": \"reject\", \"other\": \"reject\"}}",
                "{\"admission\": {\"policy\": \"reject\"}, \"log\": {\"level\": \"loud\"}}",
                "{\"admission\": {\"policy\": \"reject\", \"policy\": \"hold\"}}",
                "{\"http\": {}}",
                "{} {}",
                "{\"admission\": {\"policy\": \"reject\"}"
            })
    void refusesAWrongValueWholeAndKeepsTheOneBefore(String wrong) {
        settings.apply("{\"admission\": {\"policy\": \"hold\"}}");

        settings.apply(wrong);

        assertThat(applied).containsExactly("hold");
        assertThat(settings.describe())
                .startsWith("{admission.policy=hold, log.level=info}; the value in Consul is refused");
    }

    @Test
    void forgetsARefusalOnceTheValueIsRight() {
        settings.apply("junk");
        settings.apply("{}");

        assertThat(settings.describe()).isEqualTo("{admission.policy=reject, log.level=info}");
    }
}
