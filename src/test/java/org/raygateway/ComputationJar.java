package org.raygateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/** A jar of somebody's own computations, which nothing has on its class path. */
public final class ComputationJar {
    private ComputationJar() {}

    /**
     * Compiles one class of the package {@code org.example} into {@code <name>.jar} in the folder.
     *
     * @param body what stands between the class's braces
     */
    public static Path write(Path folder, String name, String body) throws IOException {
        Path source = folder.resolve(name + ".java");
        Files.writeString(
                source,
                """
                package org.example;

                import java.nio.file.*;
                import java.util.Map;
                import org.raygateway.ray.*;

                public final class %s implements Computation {
                %s
                }
                """
                        .formatted(name, body));
        int code = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", "target/classes", "-d", folder.toString(), source.toString());
        assertThat(code).as("javac's exit code").isZero();
        Path jar = folder.resolve(name + ".jar");
        String entry = "org/example/" + name + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream classes = new JarOutputStream(file)) {
            classes.putNextEntry(new JarEntry(entry));
            Files.copy(folder.resolve(entry), classes);
        }
        return jar;
    }
}
