package org.raygateway.servicebus.embedded;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.qpid.proton.engine.Sasl;
import org.apache.qpid.proton.engine.Sasl.SaslOutcome;
import org.apache.qpid.proton.engine.SaslListener;
import org.apache.qpid.proton.engine.Transport;

/**
 * The SASL layer, as Azure's: token clients come in without a name (ANONYMOUS, MSSBCBS) and settle in {@code $cbs} who they
 * are; others, JMS clients above all, give a key's name and the key (PLAIN, RFC 4616) and need no token.
 */
final class SaslGate implements SaslListener {

    static final String[] MECHANISMS = {"MSSBCBS", "PLAIN", "ANONYMOUS"};

    private final TokenCheck keys;
    private final Runnable whenKnown;
    private final Runnable whenRefused;

    /**
     * @param whenKnown runs when a client gave the key
     * @param whenRefused runs when a client may not go on
     */
    SaslGate(TokenCheck keys, Runnable whenKnown, Runnable whenRefused) {
        this.keys = keys;
        this.whenKnown = whenKnown;
        this.whenRefused = whenRefused;
    }

    @Override
    public void onSaslInit(Sasl sasl, Transport transport) {
        byte[] response = new byte[sasl.pending()];
        sasl.recv(response, 0, response.length);
        String[] chosen = sasl.getRemoteMechanisms();
        boolean plain = chosen.length == 1 && chosen[0].equals("PLAIN");
        if (plain
                ? isKey(response)
                : chosen.length == 1 && Arrays.asList(MECHANISMS).contains(chosen[0])) {
            if (plain) {
                whenKnown.run();
            }
            sasl.done(SaslOutcome.PN_SASL_OK);
        } else {
            sasl.done(SaslOutcome.PN_SASL_AUTH);
            whenRefused.run();
        }
    }

    /** Authorization identity (empty, or the same name again), NUL, name, NUL, key. */
    private boolean isKey(byte[] response) {
        String[] parts = new String(response, StandardCharsets.UTF_8).split("\0", -1);
        return parts.length == 3 && (parts[0].isEmpty() || parts[0].equals(parts[1])) && keys.isKey(parts[1], parts[2]);
    }

    @Override
    public void onSaslMechanisms(Sasl sasl, Transport transport) {}

    @Override
    public void onSaslChallenge(Sasl sasl, Transport transport) {}

    @Override
    public void onSaslResponse(Sasl sasl, Transport transport) {}

    @Override
    public void onSaslOutcome(Sasl sasl, Transport transport) {}
}
