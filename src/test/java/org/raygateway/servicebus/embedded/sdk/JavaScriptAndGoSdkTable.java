package org.raygateway.servicebus.embedded.sdk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the page says of the SDKs for JavaScript and Go is what they do. Run by {@code src/test/sdk/run}, which gets the two
 * first, and not by the build, which needs no Node.
 */
class JavaScriptAndGoSdkTable {

    @TempDir
    Path ofJavaScript;

    @TempDir
    Path ofGo;

    @Test
    void pageTellsWhatJavaScriptAndGoCanDo() throws IOException, InterruptedException {
        List<Outcome> javaScript = ForeignSuite.run(ofJavaScript, "node", "src/test/sdk/javascript/suite.js");
        List<Outcome> go = ForeignSuite.run(ofGo, System.getProperty("sdk.go.suite"));
        SdkChecks.check(Map.of("JavaScript", javaScript, "Go", go));
    }
}
