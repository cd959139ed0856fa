package org.raygateway.servicebus.embedded.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What a build demands of the suites it ran. */
final class SdkChecks {

    private SdkChecks() {}

    /** @param suites outcomes by column */
    static void check(Map<String, List<Outcome>> suites) throws IOException {
        SdkTable shown = SdkTable.ofPage();
        for (Map.Entry<String, List<Outcome>> suite : suites.entrySet()) {
            shown = shown.with(suite.getKey(), suite.getValue());
        }
        assertThat(suites.values().stream().map(SdkChecks::capabilities).distinct())
                .as("the suites have the same steps in the same order")
                .hasSize(1);
        assertThat(suites).allSatisfy((sdk, outcomes) -> assertThat(outcomes)
                .as("what fails with the SDK of %s", sdk)
                .filteredOn(Outcome::failed)
                .isEmpty());
        assertThat(SdkTable.ofPage())
                .as("the table in %s; as the suites have shown it:%n%s", SdkTable.PAGE, shown)
                .hasToString(shown.toString());
    }

    private static List<String> capabilities(List<Outcome> outcomes) {
        return outcomes.stream().map(Outcome::capability).toList();
    }
}
