package org.raygateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DispatchHoldTest {
    private final DispatchHold hold = new DispatchHold();

    @Test
    void tellsOfEachChangeOnce() {
        List<Boolean> told = new ArrayList<>();
        hold.onChange(() -> told.add(hold.isHeld()));

        hold.resume();
        hold.hold();
        hold.hold();
        hold.resume();

        assertThat(told).containsExactly(true, false);
    }

    @Test
    void remembersSinceWhen() {
        assertThat(hold.heldSince()).isEmpty();
        hold.hold();
        var since = hold.heldSince();
        hold.hold();
        assertThat(since).isPresent();
        assertThat(hold.heldSince()).isEqualTo(since);
        hold.resume();
        assertThat(hold.heldSince()).isEmpty();
    }
}
