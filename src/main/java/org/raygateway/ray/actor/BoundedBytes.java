package org.raygateway.ray.actor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;

/** Keeps what is written, up to a bound: what is too large is noticed while it is written, however much there is to come. */
final class BoundedBytes extends OutputStream {
    /** The bound was reached. */
    static final class Full extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final int most;

    BoundedBytes(int most) {
        this.most = most;
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > most - kept.size()) {
            throw new Full();
        }
        kept.write(bytes, offset, length);
    }

    String toString(Charset charset) {
        return kept.toString(charset);
    }
}
