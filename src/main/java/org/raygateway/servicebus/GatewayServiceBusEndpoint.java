package org.raygateway.servicebus;

import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.azure.servicebus.ServiceBusConfiguration;
import org.apache.camel.component.azure.servicebus.ServiceBusEndpoint;

/** An endpoint of {@link GatewayServiceBusComponent}. */
final class GatewayServiceBusEndpoint extends ServiceBusEndpoint {
    private final ServiceBusClients clients;
    private final int batchSize;

    GatewayServiceBusEndpoint(
            String uri,
            Component component,
            ServiceBusConfiguration configuration,
            ServiceBusClients clients,
            int batchSize) {
        super(uri, component, configuration);
        this.clients = clients;
        this.batchSize = batchSize;
    }

    @Override
    public Producer createProducer() {
        return new MessageProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (batchSize == 0) {
            return super.createConsumer(processor);
        }
        Consumer consumer = new BatchConsumer(this, processor, clients, batchSize);
        configureConsumer(consumer);
        return consumer;
    }
}
