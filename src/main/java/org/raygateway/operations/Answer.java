package org.raygateway.operations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpServerResponse;

/** What an operator is told. */
record Answer(int status, String mediaType, String body) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Answer ok(Object value) {
        return json(200, value);
    }

    static Answer json(int status, Object value) {
        try {
            return new Answer(status, "application/json", JSON.writeValueAsString(value));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    void write(HttpServerResponse response) {
        if (!response.closed()) {
            response.setStatusCode(status)
                    .putHeader("Content-Type", mediaType)
                    .putHeader("Cache-Control", "no-store")
                    .end(body);
        }
    }
}
