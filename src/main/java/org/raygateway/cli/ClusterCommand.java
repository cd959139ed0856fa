package org.raygateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Brings a whole cluster up on this machine, or takes it down: the work is done by the script {@code deploy/one-machine}. */
@Command(
        name = "cluster",
        description = "A whole cluster on this machine: Consul, Ray head and worker, driver, sidecars and gateway.",
        mixinStandardHelpOptions = true)
final class ClusterCommand implements Callable<Integer> {

    enum Action {
        up,
        down,
        status
    }

    @Parameters(paramLabel = "up|down|status", description = "What to do.")
    private Action action;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path script = Path.of(System.getProperty("gateway.home", ""), "deploy", "one-machine");
        Process process = new ProcessBuilder(script.toAbsolutePath().toString(), action.name())
                .inheritIO()
                .start();
        try {
            return process.waitFor() == 0 ? ExitCode.SUCCESS : ExitCode.FAILED;
        } catch (InterruptedException stopped) {
            process.destroy();
            throw stopped;
        }
    }
}
