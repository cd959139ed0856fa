package org.raygateway.store;

/** What is known of an attempt that runs no more and has no terminal event. */
public enum Fate {
    /** It began, or may have begun: it counts, since what kills its process each time has to end. */
    BEGUN,
    /** It never began: the job keeps its number and its place in line. */
    NOT_BEGUN,
    /** The gateway stopped it, to stop itself: it does not count. */
    INTERRUPTED,
    /** Nothing is known. Its first event would have been RUNNING: where none was heard it does not count, within reason. */
    UNCLEAR
}
