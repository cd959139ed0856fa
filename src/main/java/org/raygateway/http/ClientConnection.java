package org.raygateway.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import org.raygateway.problem.Problem;

/**
 * One connection of a client, between Netty's HTTP codec and Vert.x. It refuses what must not pass, and notes since when the client
 * owes something, which {@link Connections} looks at now and then. State is written on the connection's event loop only.
 */
final class ClientConnection extends ChannelDuplexHandler {
    private static final long LINGER_NANOS = 2_000_000_000L;

    private final Connections all;
    private final Channel channel;
    private final InetAddress peer;
    private volatile ChannelHandlerContext first;
    private volatile long headSince;
    private volatile long bodySince;
    private volatile long idleSince = System.nanoTime();
    private volatile long leavingSince;
    /** Requests whose answer has not ended. */
    private volatile int open;

    private boolean answering;
    /** Belongs to the thread that sweeps. */
    private long unreadSince;

    private ClientConnection(Connections all, Channel channel) {
        this.all = all;
        this.channel = channel;
        this.peer = channel.remoteAddress() instanceof InetSocketAddress remote ? remote.getAddress() : null;
    }

    /** On the connection's event loop, before its first byte. */
    static ClientConnection enter(Connections all, Channel channel, HttpServerOptions options) {
        ClientConnection connection = new ClientConnection(all, channel);
        channel.pipeline().replace("httpDecoder", "httpDecoder", new StrictRequestDecoder(options));
        channel.pipeline().addFirst("arrivals", connection.new Arrivals());
        channel.pipeline().addBefore("handler", "client", connection);
        return connection;
    }

    InetAddress peer() {
        return peer;
    }

    /** Sees bytes before they are anything else. */
    private final class Arrivals extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            first = context;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            if (leavingSince != 0) {
                ReferenceCountUtil.release(bytes);
                return;
            }
            if (bodySince == 0 && headSince == 0) {
                headSince = System.nanoTime();
            }
            context.fireChannelRead(bytes);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (leavingSince != 0) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            all.malformed(this);
            leave(malformed(part.decoderResult().cause()), true);
            return;
        }
        if (message instanceof HttpRequest request && !begin(request)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof LastHttpContent) {
            bodySince = 0;
        }
        context.fireChannelRead(message);
    }

    /** @return whether the request may pass */
    private boolean begin(HttpRequest request) {
        headSince = 0;
        Problem refusal = all.guard().refusal(request, local());
        if (refusal != null) {
            leave(refusal, request.method() != HttpMethod.HEAD);
            return false;
        }
        if (!(request instanceof HttpContent)) {
            bodySince = System.nanoTime();
        }
        open++;
        return true;
    }

    private InetAddress local() {
        return channel.localAddress() instanceof InetSocketAddress local ? local.getAddress() : null;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (leavingSince != 0) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        boolean interim =
                message instanceof HttpResponse answer && answer.status().code() < 200;
        if (!interim) {
            if (message instanceof HttpResponse) {
                answering = true;
            }
            if (message instanceof LastHttpContent) {
                answering = false;
                open--;
                idleSince = System.nanoTime();
            }
        }
        context.write(message, promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        all.left(this);
        context.fireChannelInactive();
    }

    /** Answers out of turn and takes nothing more. Where an answer is under way only the end is left to tell. */
    void leave(Problem problem, boolean withBody) {
        boolean toldAnything = answering || open > (bodySince == 0 ? 0 : 1);
        if (leavingSince != 0 || toldAnything || !channel.isActive()) {
            cut();
            return;
        }
        leavingSince = System.nanoTime();
        // The other direction stays open for a moment: a reset would take the answer with it.
        first.writeAndFlush(RawAnswer.of(problem, withBody)).addListener(written -> {
            if (written.isSuccess() && channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
            } else {
                cut();
            }
        });
    }

    /** From any thread, now and then: ends what the client lets hang. @return bytes that lie unread */
    long sweep(long now, ConnectionLimits limits) {
        if (leavingSince != 0) {
            if (now - leavingSince > LINGER_NANOS) {
                cut();
            }
            return 0;
        }
        if (open == 0 && isOver(headSince, now, limits.headerTimeout().toNanos())) {
            late("The head of the request took longer than `gateway.http.header-timeout` allows.");
        } else if (open <= 1 && isOver(bodySince, now, limits.bodyTimeout().toNanos())) {
            late("The body of the request took longer than `gateway.http.body-timeout` allows.");
        } else if (open == 0
                && headSince == 0
                && isOver(idleSince, now, limits.idleTimeout().toNanos())) {
            cut();
        }
        return sweepUnread(now, limits);
    }

    private static boolean isOver(long since, long now, long nanos) {
        return since != 0 && now - since > nanos;
    }

    private void late(String detail) {
        channel.eventLoop().execute(() -> leave(Problem.of(408, "Request timeout", detail), true));
    }

    private long sweepUnread(long now, ConnectionLimits limits) {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        long unread = waiting == null ? 0 : waiting.totalPendingWriteBytes();
        if (unread == 0) {
            unreadSince = 0;
        } else if (unreadSince == 0) {
            unreadSince = now;
        } else if (now - unreadSince > limits.responseTimeout().toNanos()) {
            cut();
        }
        return unread;
    }

    /** Since when the client has taken not all that it could; only for the thread that sweeps. */
    long unreadSince() {
        return unreadSince;
    }

    /** From any thread, at once; Vert.x would wait until all is written. */
    void cut() {
        first.close();
    }

    private static Problem malformed(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Problem.of(414, "URI too long", "The request line is longer than this port takes.");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return Problem.of(431, "Request header fields too large", "The headers are longer than this port takes.");
        }
        return Problem.of(400, "Malformed request", "The request is not what HTTP/1.1 (RFC 9112) asks for.");
    }
}
