package org.raygateway.servicebus.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A log that keeps nothing but what it was told about duplicate detection, for tests of one class. */
final class MemoryLog implements MessageLog {

    final List<RememberedId> remembered = new ArrayList<>();

    @Override
    public void save(StoredMessage message) {}

    @Override
    public void delete(StoredMessage message) {}

    @Override
    public void mark(SequenceMark mark) {}

    @Override
    public void remember(RememberedId id) {
        remembered.add(id);
    }

    @Override
    public void forgetIdsBefore(String queue, long time) {
        remembered.removeIf(id -> id.seenAt() < time);
    }

    @Override
    public void save(RuleSet rules) {}

    @Override
    public List<RuleSet> ruleSets() {
        return List.of();
    }

    @Override
    public void commit() {}

    @Override
    public void discard() {}

    @Override
    public void replay(Consumer<SequenceMark> marks, Consumer<RememberedId> ids, Consumer<StoredMessage> messages) {}

    @Override
    public void close() {}
}
