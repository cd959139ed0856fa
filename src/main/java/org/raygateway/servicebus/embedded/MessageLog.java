package org.raygateway.servicebus.embedded;

import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps what must outlive the process. Changes gather in memory until {@link #commit}, which makes all of them durable
 * together or none; nothing a client could take for an acknowledgement may leave before that.
 */
interface MessageLog extends AutoCloseable {

    /** The log could not be read or written; what was not committed is lost. */
    final class LogException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LogException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** A message id seen by a queue that detects duplicates. */
    record RememberedId(String queue, String messageId, long seenAt) {}

    /** The last sequence number a queue may have used. */
    record SequenceMark(String queue, long last) {}

    /**
     * The rules of a subscription that clients have changed.
     *
     * @param configured the rules it had in the entities file then
     * @param current the rules it has
     */
    record RuleSet(String subscription, byte[] configured, byte[] current) {}

    void save(StoredMessage message);

    void delete(StoredMessage message);

    void mark(SequenceMark mark);

    void remember(RememberedId id);

    /** Forgets a queue's ids seen before a time. */
    void forgetIdsBefore(String queue, long time);

    /** Replaces what is kept of the subscription's rules. */
    void save(RuleSet rules);

    /** @throws LogException when the changes since the last commit are not durable, and never will be */
    void commit();

    /** Drops the changes since the last commit. */
    void discard();

    /** Hands out everything committed, messages in no particular order. */
    void replay(Consumer<SequenceMark> marks, Consumer<RememberedId> ids, Consumer<StoredMessage> messages);

    /** All rules that were committed. */
    List<RuleSet> ruleSets();

    @Override
    void close();
}
