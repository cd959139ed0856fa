package org.raygateway.dispatch;

import org.apache.camel.Route;
import org.apache.camel.support.RoutePolicySupport;

/** Route policy of dispatch-job: while the route is suspended or stopped no job starts, those that wait already included. */
public final class DispatchPolicy extends RoutePolicySupport {
    private final DispatchSwitch dispatch;

    public DispatchPolicy(DispatchSwitch dispatch) {
        this.dispatch = dispatch;
    }

    @Override
    public void onStart(Route route) {
        dispatch.resume();
    }

    @Override
    public void onResume(Route route) {
        dispatch.resume();
    }

    @Override
    public void onSuspend(Route route) {
        dispatch.suspend();
    }

    @Override
    public void onStop(Route route) {
        dispatch.suspend();
    }
}
