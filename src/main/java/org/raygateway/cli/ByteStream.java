package org.raygateway.cli;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A body that comes in pieces and whose reader notices silence. At most one piece is asked for at a time, so the queue holds no more
 * than that piece and the end.
 */
final class ByteStream implements Subscriber<List<ByteBuffer>>, AutoCloseable {
    private record Piece(List<ByteBuffer> buffers, boolean last, Throwable failure) {}

    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private volatile Subscription subscription;

    ByteStream(Publisher<List<ByteBuffer>> body) {
        body.subscribe(this);
    }

    /**
     * Waits for the next bytes.
     *
     * @return empty at the regular end
     * @throws UnreachableException where the stream broke or nothing came within {@code silence}
     */
    Optional<List<ByteBuffer>> next(Duration silence) throws InterruptedException {
        Piece piece = pieces.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
        if (piece == null) {
            throw new UnreachableException("nothing came for " + silence.toSeconds() + " s");
        }
        if (piece.failure() != null) {
            throw new UnreachableException("the stream broke", piece.failure());
        }
        if (piece.last()) {
            return Optional.empty();
        }
        subscription.request(1);
        return Optional.of(piece.buffers());
    }

    byte[] readAll(int limit, Duration silence) throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (var buffers = next(silence); buffers.isPresent() && bytes.size() <= limit; buffers = next(silence)) {
            for (ByteBuffer buffer : buffers.get()) {
                byte[] copy = new byte[buffer.remaining()];
                buffer.get(copy);
                bytes.writeBytes(copy);
            }
        }
        return bytes.toByteArray();
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        pieces.add(new Piece(buffers, false, null));
    }

    @Override
    public void onError(Throwable failure) {
        pieces.add(new Piece(List.of(), true, failure));
    }

    @Override
    public void onComplete() {
        pieces.add(new Piece(List.of(), true, null));
    }

    @Override
    public void close() {
        subscription.cancel();
    }
}
