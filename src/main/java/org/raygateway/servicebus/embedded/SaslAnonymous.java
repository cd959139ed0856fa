package org.raygateway.servicebus.embedded;

import java.util.Arrays;
import org.apache.qpid.proton.engine.Sasl;
import org.apache.qpid.proton.engine.Sasl.SaslOutcome;
import org.apache.qpid.proton.engine.SaslListener;
import org.apache.qpid.proton.engine.Transport;

/** Lets everyone through the SASL layer, as Azure does for token clients: who they are is settled in {@code $cbs}. */
final class SaslAnonymous implements SaslListener {

    static final String[] MECHANISMS = {"ANONYMOUS", "MSSBCBS"};

    @Override
    public void onSaslInit(Sasl sasl, Transport transport) {
        sasl.recv(new byte[sasl.pending()], 0, sasl.pending());
        String[] chosen = sasl.getRemoteMechanisms();
        boolean known = chosen.length == 1 && Arrays.asList(MECHANISMS).contains(chosen[0]);
        sasl.done(known ? SaslOutcome.PN_SASL_OK : SaslOutcome.PN_SASL_AUTH);
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
