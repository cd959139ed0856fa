package org.raygateway.access;

/**
 * Who is calling.
 *
 * @param name what jobs are filed under; {@code anonymous} as long as no authentication is configured
 */
public record Caller(String name) {
    public static final Caller ANONYMOUS = new Caller("anonymous");
}
