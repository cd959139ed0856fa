package org.raygateway.ray.driver;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.raygateway.driver.v1.Computation;

/** The warm actors of each pooled computation, by its name. Not thread-safe. */
final class Pools {
    private static final class Pool {
        final Computation computation;
        final Deque<Actors.Actor> idle = new ArrayDeque<>();
        int busy;

        Pool(Computation computation) {
            this.computation = computation;
        }
    }

    private final int size;
    private final Map<String, Pool> byName = new HashMap<>();

    Pools(int size) {
        this.size = size;
    }

    boolean hasRoom(Computation computation) {
        Pool pool = byName.get(computation.getName());
        return pool == null || !pool.computation.equals(computation) || pool.busy < size;
    }

    /** Takes a place for an execution, and with it the actor that was used last; null where one must be made. */
    Actors.Actor take(Computation computation, List<Actors.Actor> outdated) {
        Pool pool = byName.get(computation.getName());
        if (pool == null || !pool.computation.equals(computation)) {
            if (pool != null) {
                outdated.addAll(pool.idle);
            }
            pool = new Pool(computation);
            byName.put(computation.getName(), pool);
        }
        pool.busy++;
        return pool.idle.pollLast();
    }

    /** Gives a place back. Returns whether the actor is kept; else the caller ends it. */
    boolean giveBack(Computation computation, Actors.Actor healthyOrNull) {
        Pool pool = byName.get(computation.getName());
        if (pool == null || !pool.computation.equals(computation)) {
            return false;
        }
        pool.busy--;
        if (healthyOrNull == null) {
            return false;
        }
        pool.idle.addLast(healthyOrNull);
        return true;
    }

    List<Actors.Actor> takeIdle() {
        List<Actors.Actor> all = new ArrayList<>();
        for (Pool pool : byName.values()) {
            all.addAll(pool.idle);
            pool.idle.clear();
        }
        return all;
    }
}
