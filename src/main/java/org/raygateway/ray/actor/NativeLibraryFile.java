package org.raygateway.ray.actor;

import io.ray.runtime.util.JniUtils;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each JVM that Ray 2.39 runs in unpacks a native library of 32 MB under its temporary folder, in a folder of its own, and leaves
 * it there: ten gigabytes after three hundred jobs with an actor each. What is loaded needs its file no more.
 */
public final class NativeLibraryFile {
    private static final Logger LOG = LoggerFactory.getLogger(NativeLibraryFile.class);

    private NativeLibraryFile() {}

    /** Deletes this JVM's file. Only once Ray has started. */
    public static void delete() {
        try {
            Field folder = JniUtils.class.getDeclaredField("defaultDestDir");
            folder.setAccessible(true);
            Object path = folder.get(null);
            if (path != null) {
                deleteWithFiles(Path.of(path.toString()));
            }
        } catch (ReflectiveOperationException | IOException | RuntimeException kept) {
            LOG.warn("A copy of Ray's native library stays in the temporary folder: {}", kept.toString());
        }
    }

    private static void deleteWithFiles(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> inside = Files.list(folder)) {
            files = inside.toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(folder);
    }
}
