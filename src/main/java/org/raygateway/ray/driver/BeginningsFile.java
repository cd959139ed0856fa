package org.raygateway.ray.driver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.raygateway.driver.v1.Execution.Begun;
import org.raygateway.logging.Outage;
import org.raygateway.ray.actor.Assignment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Beginnings in a file: a record each of 21 bytes (job, attempt, what happened), written before the execution begins and never synced,
 * since what is written survives the process, however it dies. A machine that loses power loses the last of them: those executions
 * are then taken for never begun.
 *
 * <p>It is written anew when it is opened and when it has grown; of the executions that have ended the last ones are kept, as long as
 * their statuses may still be under way.
 */
final class BeginningsFile implements Beginnings {
    private static final Logger LOG = LoggerFactory.getLogger(BeginningsFile.class);

    private static final int RECORD = Long.BYTES + Long.BYTES + Integer.BYTES + 1;
    private static final int KEPT_ENDED = 20_000;
    private static final int MOST_RECORDS = 200_000;

    private enum What {
        BEGAN,
        ENDED,
        INTERRUPTED,
        /** No execution: all of jobs up to this one that are not in the file have been left out, or were before the file. */
        COMPLETE_AFTER;

        private static final What[] ALL = values();
    }

    private record Entry(int attempt, What what) {}

    private final Path file;
    private final Map<UUID, Entry> newestByJob = new LinkedHashMap<>();
    private final ByteBuffer record = ByteBuffer.allocate(RECORD);
    private UUID completeAfter;
    private FileChannel channel;
    private int records;
    private final Outage unwritten = new Outage(LOG, Level.WARN);

    private BeginningsFile(Path file) {
        this.file = file;
    }

    /**
     * @param newest a job id that is newer than all there are: where there is no file yet, nothing is known of the jobs before
     * @throws IllegalStateException where the file cannot be read or written
     */
    static BeginningsFile open(Path file, String newest) {
        BeginningsFile beginnings = new BeginningsFile(file);
        try {
            beginnings.completeAfter = UUID.fromString(newest);
            if (Files.exists(file)) {
                beginnings.read();
            }
            beginnings.rewrite();
            return beginnings;
        } catch (IOException failure) {
            throw new IllegalStateException(
                    file + " cannot be read or written: make room and give the gateway's user the right to write it, or"
                            + " delete it; jobs that ran when the gateway was killed then start once more",
                    failure);
        }
    }

    /** A last record that was cut off by the end of its process is passed over: its execution had not begun. */
    private void read() throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file));
        while (all.remaining() >= RECORD) {
            UUID job = new UUID(all.getLong(), all.getLong());
            int attempt = all.getInt();
            int what = all.get();
            if (what < 0 || what >= What.ALL.length) {
                LOG.warn("{} is damaged; what stands after the damage is not known", file);
                return;
            }
            if (What.ALL[what] == What.COMPLETE_AFTER) {
                completeAfter = job;
            } else {
                remember(job, new Entry(attempt, What.ALL[what]));
            }
        }
    }

    private void remember(UUID job, Entry entry) {
        newestByJob.remove(job);
        newestByJob.put(job, entry);
    }

    @Override
    public synchronized void begins(Assignment assignment) {
        try {
            if (records >= MOST_RECORDS) {
                rewrite();
            }
            write(assignment, What.BEGAN);
        } catch (IOException failure) {
            throw new IllegalStateException(
                    "it cannot be recorded in " + file + " that a job begins: " + failure.getMessage(), failure);
        }
    }

    @Override
    public synchronized void ended(Assignment assignment) {
        writeIfPossible(assignment, What.ENDED);
    }

    @Override
    public synchronized void interrupted(Assignment assignment) {
        writeIfPossible(assignment, What.INTERRUPTED);
    }

    private void writeIfPossible(Assignment assignment, What what) {
        try {
            write(assignment, what);
            unwritten.over(file + " can be written again");
        } catch (IOException failure) {
            unwritten.failed(file + " does not say how jobs went on: " + failure);
        }
    }

    private void write(Assignment assignment, What what) throws IOException {
        UUID job = UUID.fromString(assignment.job());
        append(channel, job, assignment.attempt(), what);
        remember(job, new Entry(assignment.attempt(), what));
        records++;
    }

    private void append(FileChannel to, UUID job, int attempt, What what) throws IOException {
        record.clear();
        record.putLong(job.getMostSignificantBits())
                .putLong(job.getLeastSignificantBits())
                .putInt(attempt)
                .put((byte) what.ordinal())
                .flip();
        long before = to.position();
        try {
            while (record.hasRemaining()) {
                to.write(record);
            }
        } catch (IOException failure) {
            // Half a record would put all after it out of step.
            to.truncate(before);
            throw failure;
        }
    }

    private void rewrite() throws IOException {
        forgetOldEnds();
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        FileChannel next = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        try {
            append(next, completeAfter, 0, What.COMPLETE_AFTER);
            for (Map.Entry<UUID, Entry> entry : newestByJob.entrySet()) {
                append(
                        next,
                        entry.getKey(),
                        entry.getValue().attempt(),
                        entry.getValue().what());
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            next.close();
            throw failure;
        }
        if (channel != null) {
            channel.close();
        }
        channel = next;
        records = newestByJob.size();
    }

    private void forgetOldEnds() {
        long tooMany = newestByJob.values().stream()
                        .filter(entry -> entry.what() == What.ENDED)
                        .count()
                - KEPT_ENDED;
        Iterator<Map.Entry<UUID, Entry>> oldest = newestByJob.entrySet().iterator();
        while (tooMany > 0 && oldest.hasNext()) {
            Map.Entry<UUID, Entry> entry = oldest.next();
            if (entry.getValue().what() == What.ENDED) {
                completeAfter = newer(completeAfter, entry.getKey());
                oldest.remove();
                tooMany--;
            }
        }
    }

    /** Ids of jobs sort by age, as text. */
    private static UUID newer(UUID one, UUID other) {
        return one.toString().compareTo(other.toString()) >= 0 ? one : other;
    }

    @Override
    public synchronized Known of(String job) {
        UUID id = UUID.fromString(job);
        Entry entry = newestByJob.get(id);
        if (entry != null) {
            Begun begun = entry.what() == What.INTERRUPTED ? Begun.INTERRUPTED : Begun.BEGAN;
            return new Known(entry.attempt(), begun, true);
        }
        boolean isComplete = id.toString().compareTo(completeAfter.toString()) > 0;
        return new Known(0, Begun.BEGUN_UNSPECIFIED, isComplete);
    }

    @Override
    public synchronized void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            LOG.warn("{} was not closed cleanly: {}", file, failure.toString());
        }
    }
}
