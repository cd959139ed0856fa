package org.raygateway.servicebus.embedded.sdk;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What one step of a suite showed, as a line of JSON where the suite is in another language.
 *
 * @param capability the row of the table
 * @param outcome the cell: {@link #WORKS}, {@link #REFUSED}, {@link #NOT_OFFERED}, or {@link #FAILS}
 * @param detail why it fails
 */
record Outcome(
        @JsonProperty("capability") String capability,
        @JsonProperty("outcome") String outcome,
        @JsonProperty("detail") String detail) {

    static final String WORKS = "works";
    /** With the error that the SDK documents, in time, and what the client does next works. */
    static final String REFUSED = "refused";

    static final String NOT_OFFERED = "not offered";
    static final String FAILS = "fails";

    boolean failed() {
        return !outcome.equals(WORKS) && !outcome.equals(REFUSED) && !outcome.equals(NOT_OFFERED);
    }
}
