package org.raygateway.ray.driver;

/** The process or node of an actor is gone, through no fault of what it computed: the job may be tried again. */
final class ActorLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ActorLostException(Throwable cause) {
        super("the process of the actor died", cause);
    }
}
