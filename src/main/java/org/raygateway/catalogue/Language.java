package org.raygateway.catalogue;

/** What a computation is written in, which tells how its entry point reads. */
public enum Language {
    /** Entry point: a class name. */
    JAVA,
    /** Entry point: {@code module:Class}. */
    PYTHON
}
