package org.raygateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemJson;

/** A whole answer as bytes, for requests that get no further than their connection. It is the connection's last. */
final class RawAnswer {
    private RawAnswer() {}

    /** @param withBody false for HEAD, whose answers have none */
    static ByteBuf of(Problem problem, boolean withBody) {
        byte[] body = ProblemJson.write(problem).getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(HttpResponseStatus.valueOf(problem.status()))
                .append("\r\nContent-Type: ")
                .append(ProblemJson.MEDIA_TYPE)
                .append("\r\nContent-Length: ")
                .append(body.length)
                .append("\r\nConnection: close\r\n");
        problem.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        byte[] bytes = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        return withBody ? Unpooled.wrappedBuffer(bytes, body) : Unpooled.wrappedBuffer(bytes);
    }
}
