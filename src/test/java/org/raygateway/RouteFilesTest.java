package org.raygateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Route files keep to the names by which the rest of the gateway, its metrics and its readers find them. */
class RouteFilesTest {

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void holdsOneThingNamedLikeTheFileAndDescribed(Path file) throws IOException {
        JsonNode content = new YAMLMapper().readTree(file.toFile());
        assertThat(content.isArray()).isTrue();
        assertThat(content).hasSize(1);
        JsonNode only = content.get(0).elements().next();

        assertThat(only.get("id").asText() + ".yaml")
                .isEqualTo(file.getFileName().toString());
        assertThat(only.get("description").asText()).endsWith(".");
    }

    @ParameterizedTest
    @MethodSource("files")
    void namesDirectEndpointLikeTheRoute(Path file) throws IOException {
        JsonNode route = new YAMLMapper().readTree(file.toFile()).get(0).path("route");
        String from = route.at("/from/uri").asText();

        assertThat(from).satisfiesAnyOf(uri -> assertThat(uri).doesNotStartWith("direct:"), uri -> assertThat(uri)
                .isEqualTo("direct:" + route.get("id").asText()));
    }

    @ParameterizedTest
    @MethodSource("files")
    void namesStepsThatLeaveTheGateway(Path file) throws IOException {
        List<String> unnamed = new ArrayList<>();
        walk(new YAMLMapper().readTree(file.toFile()), step -> {
            if (leaves(step) && !id(step).startsWith("to-")) {
                unnamed.add(step.toString());
            }
        });
        assertThat(unnamed).isEmpty();
    }

    private static boolean leaves(JsonNode step) {
        JsonNode to = step.get("to");
        String uri =
                to == null ? "" : to.isTextual() ? to.asText() : to.path("uri").asText();
        return step.has("process") || step.has("toD") || !(uri.isEmpty() || uri.startsWith("direct:"));
    }

    private static String id(JsonNode step) {
        return step.elements().next().path("id").asText();
    }

    private static void walk(JsonNode node, Consumer<JsonNode> visit) {
        if (node.isObject()) {
            visit.accept(node);
        }
        node.forEach(child -> walk(child, visit));
    }
}
