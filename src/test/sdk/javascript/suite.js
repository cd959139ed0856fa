// The steps with the unmodified JavaScript SDK; src/test/sdk/run runs them. Other suites have the same ones, by the same names and in the
// same order. Writes a line of JSON for each step, see ForeignSuite.

import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { ServiceBusClient, isServiceBusError } from "@azure/service-bus";

const MILLIS = 30_000;
const PATIENCE = { maxWaitTimeInMs: 10_000 };
const WORKS = "works";
const REFUSED = "refused";
const NOT_OFFERED = "not offered";
const DELETING = { receiveMode: "receiveAndDelete" };

const connectionString = process.env.SERVICEBUS_CONNECTION_STRING;
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const steps = new Map();
const step = (capability, run) => steps.set(capability, run);
const say = (members) => console.log(JSON.stringify(members));

/** Clients of one step, and its own queue. */
class Bus {
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

async function receive(receiver) {
  const [message] = await receiver.receiveMessages(1, PATIENCE);
  assert.ok(message, "no message came in time");
  return message;
}

/** Of so many messages, or of fewer where no more came in time. */
async function bodies(receiver, count) {
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

async function completed(receiver, message) {
  await receiver.completeMessage(message);
  await assertGone(receiver, message);
  return WORKS;
}

async function assertGone(receiver, message) {
  assert.deepEqual(await receiver.peekMessages(1, { fromSequenceNumber: message.sequenceNumber }), []);
}

/** Where the SDK has tried again, it collects the errors of all tries. */
async function assertRefused(code, call) {
  const refusals = await call.then(() => [], (error) => error.errors ?? [error]);
  const codes = new Set(refusals.map((error) => (isServiceBusError(error) ? error.code : String(error))));
  assert.deepEqual([...codes], [code]);
}

step("send", async (bus) => {
  const sent = {
    body: "body",
    messageId: "id",
    correlationId: "correlation",
    subject: "subject",
    contentType: "text/plain",
    applicationProperties: { text: "t", whole: 7, real: 1.5, flag: true, date: new Date(1_700_000_000_000) },
  };
  await bus.sender().sendMessages(sent);
  const { body, messageId, correlationId, subject, contentType, applicationProperties } = await receive(bus.receiver());
  // The SDK gives dates back as the numbers they are on the wire.
  applicationProperties.date = new Date(applicationProperties.date);
  assert.deepEqual({ body, messageId, correlationId, subject, contentType, applicationProperties }, sent);
  return WORKS;
});

step("send without a message id", async (bus) => {
  await bus.send("no id");
  const receiver = bus.receiver();
  const message = await receive(receiver);
  assert.ok(message.messageId, "the message has no id");
  return completed(receiver, message);
});

step("send a batch", async (bus) => {
  const sender = bus.sender();
  const batch = await sender.createMessageBatch();
  const sent = Array.from({ length: 20 }, (_, number) => `m${number}`);
  sent.forEach((body) => batch.tryAddMessage({ body }));
  await sender.sendMessages(batch);
  assert.deepEqual(await bodies(bus.deleting(), 20), sent);
  return WORKS;
});

step("schedule, cancel", async (bus) => {
  const sender = bus.sender();
  const due = new Date(Date.now() + 1000);
  await sender.scheduleMessages({ body: "then" }, due);
  await sender.cancelScheduledMessages(await sender.scheduleMessages({ body: "never" }, due));
  const receiver = bus.receiver();
  const message = await receive(receiver);
  assert.equal(message.body, "then");
  assert.ok(message.enqueuedTimeUtc >= Math.floor(due / 1000) * 1000, "it came too early");
  return completed(receiver, message);
});

step("value and sequence bodies", async (bus) => {
  const sender = bus.sender();
  await sender.sendMessages({ body: "value", bodyType: "value" });
  await sender.sendMessages({ body: ["a", 7], bodyType: "sequence" });
  const receiver = bus.deleting();
  const value = await receive(receiver);
  const sequence = await receive(receiver);
  assert.deepEqual([value.body, value._rawAmqpMessage.bodyType], ["value", "value"]);
  assert.deepEqual([sequence.body, sequence._rawAmqpMessage.bodyType], [["a", 7], "sequence"]);
  return WORKS;
});

step("receive and delete", async (bus) => {
  await bus.send("once");
  const receiver = bus.deleting();
  await assertGone(receiver, await receive(receiver));
  return WORKS;
});

step("peek-lock, complete", async (bus) => {
  await bus.send("once");
  const receiver = bus.receiver();
  const message = await receive(receiver);
  assert.ok(message.lockedUntilUtc > new Date(), "it is not locked");
  assert.equal((await receiver.peekMessages(1)).length, 1);
  return completed(receiver, message);
});

step("abandon", async (bus) => {
  await bus.send("again");
  const receiver = bus.receiver();
  const first = await receive(receiver);
  await receiver.abandonMessage(first);
  const second = await receive(receiver);
  assert.equal(second.deliveryCount, first.deliveryCount + 1);
  return completed(receiver, second);
});

step("defer, receive by sequence number, settle", async (bus) => {
  await bus.send("later");
  const receiver = bus.receiver();
  const first = await receive(receiver);
  await receiver.deferMessage(first);
  const [deferred] = await receiver.receiveDeferredMessages(first.sequenceNumber);
  assert.equal(deferred.body, "later");
  return completed(receiver, deferred);
});

/** A message of the dead-letter queue, as a receiver of that has it. */
async function dead(bus, deadLetters) {
  await bus.send("bad");
  const receiver = bus.receiver();
  const options = { deadLetterReason: "why", deadLetterErrorDescription: "because" };
  await receiver.deadLetterMessage(await receive(receiver), options);
  return receive(deadLetters);
}

step("dead-letter, receive there, settle", async (bus) => {
  const deadLetters = bus.deadLetters();
  const message = await dead(bus, deadLetters);
  const { body, deadLetterReason, deadLetterErrorDescription } = message;
  assert.deepEqual([body, deadLetterReason, deadLetterErrorDescription], ["bad", "why", "because"]);
  return completed(deadLetters, message);
});

step("abandon in the dead-letter queue", async (bus) => {
  const deadLetters = bus.deadLetters();
  const message = await dead(bus, deadLetters);
  await deadLetters.abandonMessage(message);
  const again = await receive(deadLetters);
  assert.equal(again.deliveryCount, message.deliveryCount);
  return completed(deadLetters, again);
});

step("renew a lock", async (bus) => {
  await bus.sender("sdk-short-lock").sendMessages({ body: "careful" });
  const receiver = bus.receiver("sdk-short-lock");
  const message = await receive(receiver);
  const firstEnd = message.lockedUntilUtc;
  while (new Date() <= firstEnd) {
    assert.ok((await receiver.renewMessageLock(message)) >= firstEnd, "the lock did not become longer");
    await sleep(500);
  }
  return completed(receiver, message);
});

step("settle by lock token alone", async () => NOT_OFFERED);

step("peek", async (bus) => {
  for (const body of ["a", "b", "c"]) {
    await bus.send(body);
  }
  const peeked = await bus.receiver().peekMessages(3);
  assert.deepEqual(peeked.map((message) => message.body), ["a", "b", "c"]);
  assert.deepEqual(await bodies(bus.deleting(), 3), ["a", "b", "c"]);
  return WORKS;
});

step("receive nothing in time, then a message", async (bus) => {
  const receiver = bus.receiver();
  assert.deepEqual(await receiver.receiveMessages(1, { maxWaitTimeInMs: 500 }), []);
  await bus.send("late");
  const message = await receive(receiver);
  assert.equal(message.deliveryCount, 0);
  return completed(receiver, message);
});

step("handle messages as they come", async (bus) => {
  const sent = Array.from({ length: 50 }, (_, number) => `m${number}`);
  await bus.sender().sendMessages(sent.map((body) => ({ body })));
  const receiver = bus.receiver();
  const handled = [];
  await new Promise((resolve, reject) => {
    const processMessage = async (message) => {
      handled.push(message.body);
      if (handled.length >= sent.length) {
        resolve();
      }
    };
    receiver.subscribe({ processMessage, processError: async ({ error }) => reject(error) });
  });
  // The last ones are being completed; a receiver that has not peeked yet begins with the first.
  while ((await bus.receiver().peekMessages(1)).length > 0) {
    await sleep(50);
  }
  assert.deepEqual(handled, sent);
  return WORKS;
});

step("time to live", async (bus) => {
  await bus.sender("sdk-expiring").sendMessages({ body: "stale", timeToLive: 300 });
  assert.equal((await receive(bus.deadLetters("sdk-expiring"))).deadLetterReason, "TTLExpiredException");
  return WORKS;
});

step("duplicate detection", async (bus) => {
  const sender = bus.sender("sdk-deduplicated");
  await sender.sendMessages({ body: "first", messageId: "a" });
  await sender.sendMessages({ body: "second", messageId: "a" });
  await sender.sendMessages([{ body: "third", messageId: "a" }, { body: "other", messageId: "b" }]);
  assert.deepEqual(await bodies(bus.deleting("sdk-deduplicated"), 2), ["first", "other"]);
  return WORKS;
});

step("duplicate detection of scheduled messages", async (bus) => {
  const sender = bus.sender("sdk-deduplicated");
  const due = Date.now() + 1000;
  await sender.scheduleMessages({ body: "first", messageId: "c" }, new Date(due));
  await sender.scheduleMessages({ body: "second", messageId: "c" }, new Date(due));
  await sender.sendMessages({ body: "third", messageId: "c" });
  await sender.scheduleMessages({ body: "last", messageId: "d" }, new Date(due + 1000));
  assert.deepEqual(await bodies(bus.deleting("sdk-deduplicated"), 2), ["first", "last"]);
  return WORKS;
});

const sized = (size) => ({ body: `size ${size}`, applicationProperties: { size } });

async function filtered(bus, topic, subscription) {
  await bus.sender(topic).sendMessages([3, 7, -7, 7].map(sized));
  const receiver = bus.client.createReceiver(topic, subscription, DELETING);
  assert.deepEqual(await bodies(receiver, 2), ["size 7", "size 7"]);
  return WORKS;
}

step("SQL filter on whole numbers", (bus) => filtered(bus, "sdk-sql", "large"));

step("correlation filter on whole numbers", (bus) => filtered(bus, "sdk-correlation", "sevens"));

async function names(rules) {
  const found = [];
  for await (const rule of rules.listRules()) {
    // Where there is none the SDK gives one that is undefined.
    found.push(...(rule ? [rule.name] : []));
  }
  return found;
}

step("list rules", async (bus) => {
  assert.deepEqual(await names(bus.client.createRuleManager("sdk-sql", "large")), ["by-size"]);
  return WORKS;
});

step("add and remove rules", async (bus) => {
  const rules = bus.client.createRuleManager("sdk-rules", "own");
  await rules.createRule("nines", { sqlExpression: "size = 9" });
  await rules.deleteRule("$Default");
  assert.deepEqual(await names(rules), ["nines"]);
  await bus.sender("sdk-rules").sendMessages([sized(1), sized(9)]);
  assert.deepEqual(await bodies(bus.client.createReceiver("sdk-rules", "own", DELETING), 1), ["size 9"]);
  await rules.deleteRule("nines");
  assert.deepEqual(await names(rules), []);
  return WORKS;
});

step("settle with a lost lock", async (bus) => {
  await bus.sender("sdk-short-lock").sendMessages({ body: "slow" });
  const slow = bus.receiver("sdk-short-lock");
  const next = bus.receiver("sdk-short-lock");
  const lost = await receive(slow);
  const found = await receive(next);
  await assertRefused("MessageLockLost", slow.completeMessage(lost));
  await next.completeMessage(found);
  return REFUSED;
});

step("send what is too large", async (bus) => {
  const sender = bus.sender();
  await assertRefused("MessageSizeExceeded", sender.sendMessages({ body: Buffer.alloc(2 << 20) }));
  await sender.sendMessages({ body: "fits" });
  assert.deepEqual(await bodies(bus.deleting(), 1), ["fits"]);
  return REFUSED;
});

step("send to a full queue", async (bus) => {
  const small = bus.connect(process.env.SERVICEBUS_SMALL_CONNECTION_STRING);
  const sender = small.createSender(bus.queue);
  for (let number = 0; number < 10; number++) {
    await sender.sendMessages({ body: `m${number}` });
  }
  await assertRefused("QuotaExceeded", sender.sendMessages({ body: "too much" }));
  const receiver = small.createReceiver(bus.queue);
  await receiver.completeMessage(await receive(receiver));
  await sender.sendMessages({ body: "fits again" });
  return REFUSED;
});

step("use an entity that is not there", async (bus) => {
  await assertRefused("MessagingEntityNotFound", bus.sender("no-such-queue").sendMessages({ body: "lost" }));
  await assertRefused("MessagingEntityNotFound", receive(bus.receiver("no-such-queue")));
  return REFUSED;
});

step("use a wrong key", async (bus) => {
  const stranger = bus.connect(connectionString.replace(/SharedAccessKey=[^;]+/, "SharedAccessKey=d3Jvbmc="));
  await assertRefused("UnauthorizedAccess", stranger.createSender(bus.queue).sendMessages({ body: "no" }));
  return REFUSED;
});

step("accept a session", async (bus) => {
  await assert.rejects(bus.client.acceptSession(bus.queue, "s"), isServiceBusError);
  return REFUSED;
});

step("begin a transaction", async () => NOT_OFFERED);

step("go on after a restart of the broker", async (bus) => {
  const sender = bus.sender();
  const receiver = bus.receiver();
  await sender.sendMessages({ body: "before" });
  await receiver.completeMessage(await receive(receiver));
  await sender.sendMessages({ body: "kept" });
  say({ please: "restart" });
  assert.equal((await answers.next()).value, "restarted");
  await sender.sendMessages({ body: "after" });
  assert.deepEqual([(await receive(receiver)).body, (await receive(receiver)).body], ["kept", "after"]);
  return WORKS;
});

async function outcomeOf(queue, run) {
  const bus = new Bus(queue);
  const outcome = await run(bus);
  await bus.close();
  return outcome;
}

let number = 0;
for (const [capability, run] of steps) {
  number++;
  const late = { outcome: "fails", detail: `no end within ${MILLIS} ms` };
  const ended = outcomeOf(`sdk-${number}`, run).then(
    (outcome) => ({ outcome, detail: "" }),
    (failure) => ({ outcome: "fails", detail: String(failure) }),
  );
  say({ capability, ...(await Promise.race([ended, sleep(MILLIS, late)])) });
}
// What was left behind must not hold up the end.
process.exit(0);
