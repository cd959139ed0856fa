package org.raygateway.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which computation to run and with which parameters. */
final class JobArguments {
    /** The gateway takes 64 KiB; far more than that is surely the wrong file. */
    private static final int FILE_LIMIT = 1 << 20;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "NAME", description = "The computation; see `ray-gateway computations`.")
    private String name;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "KEY=VALUE",
            description = "Parameters. A value is JSON where it reads as JSON, else a string; a.b=1 sets b within a.")
    private List<String> assignments = new ArrayList<>();

    @Option(
            names = "--parameters",
            paramLabel = "FILE",
            description = "JSON object to start from (- for standard input); KEY=VALUE overrides it.")
    private String file;

    String name() {
        return name;
    }

    /** @throws ParameterException saying what was expected, which picocli prints with the usage */
    ObjectNode parameters(Console console) {
        try {
            ObjectNode base = file == null ? ParameterText.empty() : ParameterText.object(read(console));
            return ParameterText.assign(base, assignments);
        } catch (IllegalArgumentException malformed) {
            throw new ParameterException(command.commandLine(), malformed.getMessage());
        } catch (IOException unreadable) {
            throw new ParameterException(command.commandLine(), "cannot read --parameters " + file + ": " + unreadable);
        }
    }

    private byte[] read(Console console) throws IOException {
        try (InputStream in = "-".equals(file) ? console.in() : Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(FILE_LIMIT + 1);
            if (bytes.length > FILE_LIMIT) {
                throw new IllegalArgumentException("--parameters must hold at most " + FILE_LIMIT + " bytes");
            }
            return bytes;
        }
    }
}
