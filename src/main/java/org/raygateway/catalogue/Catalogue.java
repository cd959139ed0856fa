package org.raygateway.catalogue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The computations that callers may run, read from {@code *.yaml} files, one computation each. Never changes once loaded. */
public final class Catalogue {
    private static final int MAX_FILES = 1_000;

    private final Map<String, Computation> byName;

    private Catalogue(Map<String, Computation> byName) {
        this.byName = byName;
    }

    /**
     * Reads every computation in a directory.
     *
     * @throws CatalogueException listing all errors of all files together
     */
    public static Catalogue load(Path directory) {
        List<String> errors = new ArrayList<>();
        Map<String, Computation> byName = new TreeMap<>();
        Map<String, Path> files = new TreeMap<>();
        for (Path file : files(directory, errors)) {
            ComputationFile.read(file, errors).ifPresent(computation -> {
                Path earlier = files.putIfAbsent(computation.name(), file.getFileName());
                if (earlier != null) {
                    errors.add(file.getFileName() + ": `name` must be unique, got " + computation.name() + ", which "
                            + earlier + " has too");
                }
                byName.put(computation.name(), computation);
            });
        }
        if (!errors.isEmpty()) {
            throw new CatalogueException(errors);
        }
        return new Catalogue(byName);
    }

    private static List<Path> files(Path directory, List<String> errors) {
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> files = new ArrayList<>();
            for (Path entry : entries.sorted().limit(MAX_FILES + 1L).toList()) {
                if (entry.toString().endsWith(".yaml")) {
                    files.add(entry);
                } else if (entry.toString().endsWith(".yml")) {
                    errors.add(entry.getFileName() + ": must end in .yaml to be read; rename it");
                }
            }
            if (files.size() > MAX_FILES) {
                errors.add(directory + ": must hold at most " + MAX_FILES + " files");
                return List.of();
            }
            return files;
        } catch (IOException unreadable) {
            errors.add(directory + ": must be a directory that can be read; make it, or name another");
            return List.of();
        }
    }

    public Optional<Computation> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** By name. */
    public List<Computation> all() {
        return List.copyOf(byName.values());
    }
}
