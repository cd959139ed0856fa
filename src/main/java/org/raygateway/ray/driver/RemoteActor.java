package org.raygateway.ray.driver;

import io.ray.api.ActorHandle;
import io.ray.api.BaseActorHandle;
import io.ray.api.ObjectRef;
import io.ray.api.PyActorHandle;
import io.ray.api.function.PyActorMethod;
import org.raygateway.ray.actor.Assignment;
import org.raygateway.ray.actor.ComputationActor;

/** The methods of a computation's actor, in whichever language it is written. None of them waits. */
interface RemoteActor {
    ObjectRef<String> runOwn(String parameters);

    ObjectRef<String> runAssigned(Assignment assignment, String parameters);

    ObjectRef<Boolean> stop(Assignment assignment, String reason);

    ObjectRef<String> describe(int patienceMs);

    BaseActorHandle handle();

    /** @param handle as Ray gives it for an actor of either language */
    @SuppressWarnings("unchecked")
    static RemoteActor of(BaseActorHandle handle) {
        return handle instanceof PyActorHandle python
                ? new InPython(python)
                : new InJava((ActorHandle<ComputationActor>) handle);
    }

    /** An actor of class {@link ComputationActor}. */
    record InJava(ActorHandle<ComputationActor> handle) implements RemoteActor {
        @Override
        public ObjectRef<String> runOwn(String parameters) {
            return handle.task(ComputationActor::run_simulation, parameters).remote();
        }

        @Override
        public ObjectRef<String> runAssigned(Assignment assignment, String parameters) {
            return handle.task(ComputationActor::run_assigned, assignment.toJson(), parameters)
                    .remote();
        }

        @Override
        public ObjectRef<Boolean> stop(Assignment assignment, String reason) {
            return handle.task(ComputationActor::stop, assignment.job(), assignment.attempt(), reason)
                    .remote();
        }

        @Override
        public ObjectRef<String> describe(int patienceMs) {
            return handle.task(ComputationActor::describe, patienceMs).remote();
        }
    }

    /** An actor of the Python class of the same name. */
    record InPython(PyActorHandle handle) implements RemoteActor {
        static final String MODULE = "raygateway.actor";
        static final String CLASS = "ComputationActor";

        @Override
        public ObjectRef<String> runOwn(String parameters) {
            return handle.task(PyActorMethod.of("run_simulation", String.class), parameters)
                    .remote();
        }

        @Override
        public ObjectRef<String> runAssigned(Assignment assignment, String parameters) {
            return handle.task(PyActorMethod.of("run_assigned", String.class), assignment.toJson(), parameters)
                    .remote();
        }

        @Override
        public ObjectRef<Boolean> stop(Assignment assignment, String reason) {
            return handle.task(PyActorMethod.of("stop", Boolean.class), assignment.job(), assignment.attempt(), reason)
                    .remote();
        }

        @Override
        public ObjectRef<String> describe(int patienceMs) {
            return handle.task(PyActorMethod.of("describe", String.class), patienceMs)
                    .remote();
        }
    }
}
