package org.raygateway.submission;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a caller posts to {@code /jobs}: a computation's name and its parameters, not yet checked against its schema. */
record JobPost(String simulationType, ObjectNode parameters) {}
