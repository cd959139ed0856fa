package org.raygateway;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceSupport;

/** What stood in a file of routes when it was read. */
final class RouteFile extends ResourceSupport {
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
