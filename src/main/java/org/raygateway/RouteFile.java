package org.raygateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceSupport;

/** What stood in a file of routes when it was read. */
final class RouteFile extends ResourceSupport {
    private static final YAMLMapper YAML = new YAMLMapper();

    private final URI uri;
    private final byte[] content;

    private RouteFile(String location, URI uri, byte[] content) {
        super("file", location);
        this.uri = uri;
        this.content = content;
    }

    static RouteFile read(Resource file) {
        try (InputStream content = file.getInputStream()) {
            return new RouteFile(file.getLocation(), file.getURI(), content.readAllBytes());
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file.getLocation(), failure);
        }
    }

    static RouteFile of(Path file, byte[] content) {
        return new RouteFile("file:" + file, file.toFile().toURI(), content);
    }

    /** As if the file held no route. */
    RouteFile withoutRoutes() {
        return new RouteFile(getLocation(), uri, "[]".getBytes(StandardCharsets.UTF_8));
    }

    /** Ids of what it holds (routes and their kin); empty where it cannot be read. */
    Set<String> ids() {
        Set<String> ids = new HashSet<>();
        try {
            for (JsonNode item : YAML.readTree(content)) {
                item.forEach(kind -> {
                    if (kind.path("id").isTextual()) {
                        ids.add(kind.get("id").asText());
                    }
                });
            }
        } catch (IOException unreadable) {
            // Camel will say what is wrong with it.
            return Set.of();
        }
        return ids;
    }

    @Override
    public URI getURI() {
        return uri;
    }

    @Override
    public boolean exists() {
        return true;
    }

    @Override
    public InputStream getInputStream() {
        return new ByteArrayInputStream(content);
    }
}
