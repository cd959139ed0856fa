package org.raygateway.dispatch;

import org.apache.camel.Route;
import org.apache.camel.support.RoutePolicySupport;

/** Route policy of dispatch-job: while the route is suspended or stopped no job starts, those that wait already included. */
public final class DispatchPolicy extends RoutePolicySupport {
    private final Lanes lanes;

    public DispatchPolicy(Lanes lanes) {
        this.lanes = lanes;
    }

    @Override
    public void onStart(Route route) {
        lanes.resume();
    }

    @Override
    public void onResume(Route route) {
        lanes.resume();
    }

    @Override
    public void onSuspend(Route route) {
        lanes.suspend();
    }

    @Override
    public void onStop(Route route) {
        lanes.suspend();
    }
}
