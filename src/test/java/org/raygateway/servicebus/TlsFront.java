package org.raygateway.servicebus;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * Ends TLS in front of a broker, on the port of AMQP over TLS: for a namespace the SDK takes no other. The address is one that
 * nothing else listens on. Its certificate is made here and trusted by whoever is given {@link #trustOptions()} or
 * {@link #certificate()}.
 */
public final class TlsFront implements AutoCloseable {
    public static final String ADDRESS = "127.0.56.71";

    private static final int AMQPS = 5671;
    private static final String PASSWORD = "only-for-tests";
    private static final long KEYTOOL_SECONDS = 60;

    private final int brokerPort;
    private final Path trusted;
    private final Path certificate;
    private final SSLServerSocket server;
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    public TlsFront(Path directory, int brokerPort) throws Exception {
        this.brokerPort = brokerPort;
        Path keys = directory.resolve("broker.p12");
        makeKey(keys);
        KeyStore store = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
        trusted = directory.resolve("trusted.p12");
        trust(store);
        certificate = directory.resolve("trusted.pem");
        String base64 = Base64.getMimeEncoder()
                .encodeToString(store.getCertificate("broker").getEncoded());
        Files.writeString(certificate, "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
        server = (SSLServerSocket)
                context(store).getServerSocketFactory().createServerSocket(AMQPS, 0, InetAddress.getByName(ADDRESS));
        start(this::accept);
    }

    private static void makeKey(Path keys) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-alias", "broker", "-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(List.of("-dname", "CN=" + ADDRESS, "-ext", "SAN=ip:" + ADDRESS, "-validity", "2"));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", keys.toString()));
        Path log = keys.resolveSibling("keytool.log");
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!keytool.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            keytool.destroyForcibly();
            throw new IllegalStateException("keytool made no key: " + Files.readString(log));
        }
    }

    private void trust(KeyStore keys) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("broker", keys.getCertificate("broker"));
        try (var out = Files.newOutputStream(trusted)) {
            store.store(out, PASSWORD.toCharArray());
        }
    }

    private static SSLContext context(KeyStore keys) throws GeneralSecurityException {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket broker = new Socket(InetAddress.getLoopbackAddress(), brokerPort);
                sockets.addAll(List.of(client, broker));
                connections.incrementAndGet();
                start(() -> copy(client, broker));
                start(() -> copy(broker, client));
            }
        } catch (IOException closed) {
            closeAll();
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream()) {
            in.transferTo(to.getOutputStream());
        } catch (IOException closed) {
            sockets.removeAll(List.of(from, to));
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "tls-front");
        thread.setDaemon(true);
        thread.start();
    }

    /** JVM options of a process that trusts this certificate, and no other. */
    public List<String> trustOptions() {
        return List.of("-Djavax.net.ssl.trustStore=" + trusted, "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
    }

    /** The certificate as PEM, for processes that are no JVM. */
    public Path certificate() {
        return certificate;
    }

    int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
        closeAll();
    }

    private void closeAll() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException broken) {
                sockets.remove(socket);
            }
        }
    }
}
