// What all steps share: the clients of one step, receiving in time, and checks.

import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { ServiceBusClient } from "@azure/service-bus";

const PATIENCE = { maxWaitTimeInMs: 10_000 };
export const WORKS = "works";
export const REFUSED = "refused";
export const NOT_OFFERED = "not offered";
export const DELETING = { receiveMode: "receiveAndDelete" };

export const connectionString = process.env.SERVICEBUS_CONNECTION_STRING;
export const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
export const steps = new Map();
export const step = (capability, run) => steps.set(capability, run);
export const say = (members) => console.log(JSON.stringify(members));

/** Clients of one step, and its own queue. */
export class Bus {
  #opened = [];

  constructor(queue) {
    this.queue = queue;
    this.client = this.connect(connectionString);
  }

  connect(to) {
    const retryOptions = { maxRetries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 1000, timeoutInMs: 5000 };
    const client = new ServiceBusClient(to, { retryOptions });
    this.#opened.push(client);
    return client;
  }

  sender(queue = this.queue) {
    return this.client.createSender(queue);
  }

  send(body) {
    return this.sender().sendMessages({ body });
  }

  receiver(queue = this.queue, options = {}) {
    // Renewing behind one's back is the default.
    return this.client.createReceiver(queue, { maxAutoLockRenewalDurationInMs: 0, ...options });
  }

  deleting(queue = this.queue) {
    return this.receiver(queue, DELETING);
  }

  deadLetters(queue = this.queue) {
    return this.receiver(queue, { subQueueType: "deadLetter" });
  }

  async close() {
    for (const client of this.#opened) {
      await client.close();
    }
  }
}

export async function receive(receiver) {
  const [message] = await receiver.receiveMessages(1, PATIENCE);
  assert.ok(message, "no message came in time");
  return message;
}

/** Of so many messages, or of fewer where no more came in time. */
export async function bodies(receiver, count) {
  const found = [];
  while (found.length < count) {
    const received = await receiver.receiveMessages(count - found.length, PATIENCE);
    if (received.length === 0) {
      break;
    }
    found.push(...received.map((message) => message.body));
  }
  return found;
}

export async function completed(receiver, message) {
  await receiver.completeMessage(message);
  await assertGone(receiver, message);
  return WORKS;
}

export async function assertGone(receiver, message) {
  assert.deepEqual(await receiver.peekMessages(1, { fromSequenceNumber: message.sequenceNumber }), []);
}
