package org.raygateway;

import static org.raygateway.Requirement.require;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file system of its own and of few megabytes, which can be filled to its last byte. Needs root on Linux. */
public final class SmallDisk implements AutoCloseable {
    private static final int BLOCK = 4096;

    private final Path mount;

    private SmallDisk(Path mount) {
        this.mount = mount;
    }

    /** Mounts it on a new folder in {@code parent}. */
    public static SmallDisk mount(Path parent, int megabytes) {
        Path mount = parent.resolve("small-disk");
        try {
            Files.createDirectories(mount);
            int exit = run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", mount.toString());
            require(exit == 0, "a full disk is tried on a tmpfs of its own, and mounting one needs root on Linux");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return new SmallDisk(mount);
    }

    public Path path() {
        return mount;
    }

    /** Takes all the room there is, and what becomes free meanwhile is taken by the next call. */
    public void fill() {
        byte[] block = new byte[BLOCK];
        Path filler = mount.resolve("filler");
        try (OutputStream out = Files.newOutputStream(
                filler, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND)) {
            while (mount.toFile().getUsableSpace() > 0) {
                out.write(block);
            }
        } catch (IOException full) {
            if (mount.toFile().getUsableSpace() > 0) {
                throw new UncheckedIOException(full);
            }
        }
    }

    public void free() {
        try {
            Files.delete(mount.resolve("filler"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        try {
            if (run("umount", mount.toString()) != 0) {
                run("umount", "-l", mount.toString());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static int run(String... command) throws IOException {
        Process process = new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return -1;
            }
            return process.exitValue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }
}
