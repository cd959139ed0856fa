package org.raygateway.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one file of the catalogue, strictly: a key that would be ignored is an error. */
final class ComputationFile {
    private static final int MAX_BYTES = 256 << 10;
    private static final int MAX_ATTEMPTS = 100;
    private static final Duration MAX_TIME = Duration.ofDays(30);

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Set<String> RESOURCE_KEYS = Set.of("cpus", "gpus", "memory");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final Pattern JAVA_CLASS = Pattern.compile("[A-Za-z_$][\\w$]*(\\.[A-Za-z_$][\\w$]*)*");
    private static final Pattern PYTHON_CLASS = Pattern.compile("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*:[A-Za-z_]\\w*");

    private final YamlFields fields;
    private final List<String> errors;

    private ComputationFile(YamlFields fields, List<String> errors) {
        this.fields = fields;
        this.errors = errors;
    }

    /** Adds what is wrong to {@code errors} and is empty where anything is. */
    static Optional<Computation> read(Path file, List<String> errors) {
        String name = file.getFileName().toString();
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                errors.add(name + ": must be at most " + MAX_BYTES + " bytes long, got " + size);
                return Optional.empty();
            }
            JsonNode content = YAML.readTree(Files.readAllBytes(file));
            if (content instanceof ObjectNode object) {
                int before = errors.size();
                Computation computation =
                        new ComputationFile(new YamlFields(object, name, "", errors), errors).computation(name);
                return errors.size() == before ? Optional.of(computation) : Optional.empty();
            }
            errors.add(name + ": must hold the keys of one computation, got " + YamlFields.show(content));
        } catch (JsonProcessingException malformed) {
            errors.add(name + ": must be one YAML document: " + firstLine(malformed) + where(malformed));
        } catch (IOException unreadable) {
            errors.add(name + ": must be a file that can be read");
        }
        return Optional.empty();
    }

    private static String firstLine(JsonProcessingException malformed) {
        return malformed.getOriginalMessage().lines().findFirst().orElse("malformed");
    }

    private static String where(JsonProcessingException malformed) {
        return malformed.getLocation() == null
                ? ""
                : ", line " + malformed.getLocation().getLineNr();
    }

    private Computation computation(String file) {
        Language language = fields.read("language", null, "java or python", node -> constant(Language.class, node));
        JsonNode schema = fields.read("parameters", null, "a JSON Schema of an object", ComputationFile::object);
        JsonNode example = fields.read("example", null, "an object of parameters", ComputationFile::object);
        Computation computation = new Computation(
                fields.read("name", null, "a name that matches " + NAME, node -> matching(NAME, node)),
                fields.read("title", null, "a line of text", ComputationFile::text),
                fields.read("description", null, "some text", ComputationFile::text),
                language,
                entryPoint(language),
                fields.read(
                        "isolation",
                        Isolation.DEDICATED,
                        "dedicated or pooled",
                        node -> constant(Isolation.class, node)),
                resources(),
                time("timeout", Duration.ofMinutes(10), Duration.ofMillis(1)),
                time("grace", Duration.ofSeconds(5), Duration.ZERO),
                fields.read("attempts", 3, "a whole number in 1.." + MAX_ATTEMPTS, ComputationFile::attempts),
                schema,
                example,
                schema == null ? null : ParametersSchema.compile((ObjectNode) schema, file, errors));
        fields.refuseOthers();
        refuseExampleThatDoesNotFit(file, computation);
        return computation;
    }

    private String entryPoint(Language language) {
        boolean python = language == Language.PYTHON;
        return fields.read(
                "entry-point",
                null,
                python ? "module:Class" : "a class name such as org.example.MonteCarlo",
                node -> language == null ? text(node) : matching(python ? PYTHON_CLASS : JAVA_CLASS, node));
    }

    private Resources resources() {
        ObjectNode given = fields.read(
                "resources", YAML.createObjectNode(), "an object of " + RESOURCE_KEYS, ComputationFile::object);
        if (given == null) {
            return Resources.DEFAULT;
        }
        YamlFields inner = fields.inside(given, "resources/");
        Resources resources = new Resources(
                inner.read("cpus", Resources.DEFAULT.cpus(), "a number, 0 or more", ComputationFile::amount),
                inner.read("gpus", Resources.DEFAULT.gpus(), "a number, 0 or more", ComputationFile::amount),
                inner.read(
                        "memory",
                        Resources.DEFAULT.memory(),
                        "a size such as 512MiB or 2GiB",
                        node -> node.isTextual() ? Quantities.bytes(node.asText()) : null));
        inner.refuseOthers();
        return resources;
    }

    private Duration time(String key, Duration fallback, Duration least) {
        String expected = "a time such as 500ms, 30s, 10m or 2h, at most 30d" + (least.isZero() ? "" : ", not zero");
        return fields.read(key, fallback, expected, node -> {
            Duration time = node.isTextual() ? Quantities.duration(node.asText()) : null;
            return time == null || time.compareTo(least) < 0 || time.compareTo(MAX_TIME) > 0 ? null : time;
        });
    }

    private void refuseExampleThatDoesNotFit(String file, Computation computation) {
        if (computation.compiled() != null
                && computation.example() instanceof ObjectNode example
                && computation.check(example) instanceof ParametersCheck.Refused refused) {
            refused.errors()
                    .forEach(error -> errors.add(file + ": `example" + error.pointer() + "` " + error.message()));
        }
    }

    private static ObjectNode object(JsonNode node) {
        return node instanceof ObjectNode object ? object : null;
    }

    private static String text(JsonNode node) {
        return node.isTextual() && !node.asText().isBlank() ? node.asText().strip() : null;
    }

    private static String matching(Pattern pattern, JsonNode node) {
        return node.isTextual() && pattern.matcher(node.asText()).matches() ? node.asText() : null;
    }

    private static Integer attempts(JsonNode node) {
        return node.isInt() && node.asInt() >= 1 && node.asInt() <= MAX_ATTEMPTS ? node.asInt() : null;
    }

    private static Double amount(JsonNode node) {
        return node.isNumber() && node.asDouble() >= 0 && Double.isFinite(node.asDouble()) ? node.asDouble() : null;
    }

    /** In lower case only, so that a name reads the same everywhere. */
    private static <E extends Enum<E>> E constant(Class<E> type, JsonNode node) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(java.util.Locale.ROOT).equals(node.asText())) {
                return constant;
            }
        }
        return null;
    }
}
