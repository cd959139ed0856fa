package org.raygateway.servicebus.embedded;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** Lock tokens travel as delivery tags in the byte order of .NET's Guid: its first three fields are little-endian. */
final class LockTokens {

    private LockTokens() {}

    static byte[] toTag(UUID token) {
        long high = token.getMostSignificantBits();
        ByteBuffer tag = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        tag.putInt((int) (high >>> 32)).putShort((short) (high >>> 16)).putShort((short) high);
        return tag.order(ByteOrder.BIG_ENDIAN)
                .putLong(token.getLeastSignificantBits())
                .array();
    }
}
